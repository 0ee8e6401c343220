/** Somebody else who wrote an object that traffic goes by. */
export interface Writer {
  /** In words: `Argo CD (application fraud)`. */
  readonly called: string;
  /** Writes again by itself; others wrote once, and are not in the way. */
  readonly active: boolean;
  /** The command that makes it leave the object alone for a while, where one is known. */
  readonly pause: string | null;
}
