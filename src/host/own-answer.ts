import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** An answer that the proxy made itself, and says so. */
export function answerOurselves(
  response: ServerResponse,
  status: 502 | 503 | 504,
  error: string,
  headers: Readonly<Record<string, string>>,
): void {
  const body = `${JSON.stringify({ error })}\n`;
  response.writeHead(status, {
    ...headers,
    'x-sofare-origin': 'proxy',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** The same where no HTTP answer is under way, as for a connection that was to become a WebSocket. */
export function answerOnSocket(socket: Socket, status: '502 Bad Gateway' | '503 Service Unavailable', id: string): void {
  if (socket.destroyed) return;
  socket.end(
    `HTTP/1.1 ${status}\r\nx-request-id: ${id}\r\nx-sofare-origin: proxy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
  );
}
