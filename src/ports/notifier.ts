/** Tells the team what was done. Failing to is a task that is tried again, never a failure of the operation. */
export interface Notifier {
  announce(message: Announcement, signal: AbortSignal): Promise<void>;
}

export interface Announcement {
  readonly service: string;
  readonly operation: string;
  /** One sentence for a channel. */
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}
