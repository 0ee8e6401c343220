/** What is done after a copy ended that nobody had told to. */
export interface AfterEnd {
  /** Why the version is given up, or null. */
  readonly failed: string | null;
  /** Milliseconds until another is started in its place; null: none is. */
  readonly restartIn: number | null;
}

export interface Ends {
  /** Ends of copies of this version within the last minute, this one too. */
  readonly count: number;
  /** Whether any copy of the version was ever ready since it was wanted. */
  readonly everReady: boolean;
  /** Whether the version has a share of the traffic: then it is started again for as long as that is so. */
  readonly hasShare: boolean;
  /** Its port was taken by another program: not the version's fault. */
  readonly portTaken: boolean;
  readonly how: string;
}

const endsBeforeReady = 3;
const endsInAMinute = 6;
const shortest = 100;
const longest = 10_000;

/** Three ends without ever having been ready, or six within a minute, are a crash loop. */
export function afterEnd({ count, everReady, hasShare, portTaken, how }: Ends): AfterEnd {
  if (portTaken) return { failed: null, restartIn: 0 };
  const looping = count >= (everReady ? endsInAMinute : endsBeforeReady);
  const restartIn = Math.min(shortest * 2 ** (count - 1), longest);
  if (!looping) return { failed: null, restartIn };
  const failed = everReady
    ? `it ended ${count} times within a minute, last ${how}`
    : `it ended ${count} times before it was ready, last ${how}`;
  return { failed, restartIn: hasShare ? restartIn : null };
}
