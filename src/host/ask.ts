import { request } from 'node:http';
import { connect } from 'node:net';

export interface Asked {
  readonly status: number;
  readonly body: string;
}

const longestAnswer = 1_048_576;

/** One request to a copy on this machine, on a connection of its own. Null: no answer within the time. */
export function ask(
  port: number,
  path: string,
  within: number,
  sent: { readonly method: string; readonly body: string | null } = { method: 'GET', body: null },
): Promise<Asked | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => asked.destroy(), within);
    const ended = (answer: Asked | null): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: sent.method,
        agent: false,
        headers: sent.body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent.body) },
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          if (body.length < longestAnswer) body += part;
        });
        response.on('end', () => ended({ status: response.statusCode ?? 0, body }));
        response.on('error', () => ended(null));
        response.on('close', () => ended(null));
      },
    );
    asked.on('error', () => ended(null));
    asked.on('close', () => ended(null));
    asked.end(sent.body ?? undefined);
  });
}

/** Whether something accepts connections there. */
export function accepts(port: number, within: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: within });
    const ended = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => ended(true));
    socket.once('timeout', () => ended(false));
    socket.once('error', () => ended(false));
  });
}
