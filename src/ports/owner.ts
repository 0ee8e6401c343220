/** Controllers that write by themselves what traffic goes by. Neither call ever fails: what could not be done is said, a sentence each. */
export interface Owner {
  /** Makes them leave it alone, until they are released. Bounded: a rollback waits for it. */
  quiet(signal: AbortSignal): Promise<readonly string[]>;
  /** Lets go on what was made to leave it alone for this service, and for no other that still wants it so. */
  release(signal: AbortSignal): Promise<readonly string[]>;
}
