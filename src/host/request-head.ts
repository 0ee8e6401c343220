import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Methods whose repetition has the effect of one (RFC 9110, 9.2.2). */
export const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** The client's request id, or one made here when it has none or one that is no plain short word. */
export function requestId(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\x21-\x7e]{1,200}$/.test(given) ? given : randomUUID();
}

/**
 * Who is behind a request: the value of the header that names users or sessions. One without it is somebody of its own. Null: no header
 * is configured.
 */
export function unitOf(header: string | null, headers: IncomingHttpHeaders, id: string): string | null {
  if (header === null) return null;
  const given = headers[header];
  return typeof given === 'string' && given !== '' ? `unit ${given.slice(0, 200)}` : `request ${id}`;
}

/**
 * Makes the head of a request fit to be passed on: its id is in it; what concerns only the client's own connection is out of it, and
 * so are our own headers, for no client may choose a version.
 */
export function prepareHead({ headers }: IncomingMessage, id: string): void {
  headers['x-request-id'] = id;
  delete headers['x-sofare-version'];
  delete headers['x-sofare-instance'];
  delete headers['x-sofare-mirrored'];
  delete headers.connection;
  delete headers['keep-alive'];
  delete headers['proxy-connection'];
  // Answered by us already: the body is on its way.
  delete headers.expect;
}

/** Bytes of the body; null when only the end of the stream will tell. */
export function bodyLength(headers: IncomingHttpHeaders): number | null {
  if (headers['transfer-encoding'] !== undefined) return null;
  const length = headers['content-length'];
  return length === undefined ? 0 : Number(length);
}

/** Null when the client went away before it had sent everything. */
export function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => resolve(parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts)));
    request.once('error', () => resolve(null));
    request.once('close', () => resolve(null));
  });
}
