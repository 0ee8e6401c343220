import { writeSync } from 'node:fs';

const standardError = 2;

/** Writes a line to the host's own log. That lies on the disk that may just be full: what cannot be told must not end the host. */
export function tell(line: string): void {
  try {
    writeSync(standardError, `${line}\n`);
  } catch {
    // There is nobody else to tell.
  }
}
