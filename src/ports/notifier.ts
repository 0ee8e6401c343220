/** Tells the team. One message for an incident, revised as it goes on; failing is an event, never a failure of the operation. */
export interface Notifier {
  announce(message: Announcement, signal: AbortSignal): Promise<void>;
}

export interface Announcement {
  readonly incident: string;
  readonly service: string;
  readonly text: string;
  readonly document: unknown;
}
