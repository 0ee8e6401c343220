/** Where the reader of a pattern stands in its characters. */
export interface PatternText {
  atEnd(): boolean;
  looking(at: string): boolean;
  /** The character so many places on; empty beyond the end. */
  ahead(places: number): string;
  take(): string;
  accept(wanted: string): boolean;
  takeWhile(kind: RegExp, atMost: number): string;
}

export function patternText(pattern: string): PatternText {
  const characters = Array.from(pattern);
  let place = 0;
  const ahead = (places: number): string => characters[place + places] ?? '';
  const take = (): string => {
    const taken = ahead(0);
    place += 1;
    return taken;
  };
  const looking = (at: string): boolean => Array.from(at).every((each, index) => ahead(index) === each);
  return {
    atEnd: () => place >= characters.length,
    looking,
    ahead,
    take,
    accept: (wanted) => ahead(0) === wanted && (take(), true),
    takeWhile: (kind, atMost) => {
      let taken = '';
      while (taken.length < atMost && ahead(0) !== '' && kind.test(ahead(0))) taken += take();
      return taken;
    },
  };
}
