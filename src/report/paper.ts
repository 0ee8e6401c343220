/** What a text is printed on. Nothing of report/ looks at the terminal, the environment or the clock: all of it is here. */
export interface Paper {
  /** Columns. Taken as 40 where it is less. */
  readonly width: number;
  readonly color: boolean;
  /** Off: every line is plain ASCII, what cannot be said in it is escaped. */
  readonly unicode: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const narrowest = 40;

export function columnsOf(paper: Paper): number {
  return Math.max(narrowest, Math.floor(paper.width));
}

/** A symbol that stands before a word and never instead of one; the only thing that has a colour. */
export type Icon = 'done' | 'doing' | 'waiting' | 'failed' | 'warning' | 'back' | 'forward';

interface Drawing {
  readonly unicode: string;
  readonly ascii: string;
  /** Parameter of the terminal's colour sequence, or null for none. */
  readonly color: number | null;
}

const drawings: Readonly<Record<Icon, Drawing>> = {
  done: { unicode: '✓', ascii: '+', color: 32 },
  doing: { unicode: '◐', ascii: '~', color: 33 },
  waiting: { unicode: '○', ascii: '.', color: null },
  failed: { unicode: '✗', ascii: 'x', color: 31 },
  warning: { unicode: '!', ascii: '!', color: 33 },
  back: { unicode: '↺', ascii: '<', color: 33 },
  forward: { unicode: '▶', ascii: '>', color: 33 },
};

export function iconOn(paper: Paper, icon: Icon): string {
  const { unicode, ascii, color } = drawings[icon];
  const symbol = paper.unicode ? unicode : ascii;
  return paper.color && color !== null ? `\u001b[${color}m${symbol}\u001b[0m` : symbol;
}
