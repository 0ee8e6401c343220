import { connect } from 'node:net';

/** Does something take connections there? */
export function tcpHealth(address: string, within: number, signal: AbortSignal): Promise<string | null> {
  const { hostname, port } = new URL(address);
  return new Promise((done) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), signal });
    const ended = (why: string | null): void => {
      socket.destroy();
      done(why);
    };
    socket.setTimeout(within, () => ended(`no connection within ${within} ms`));
    socket.once('connect', () => ended(null));
    socket.once('error', (error) => ended((error as NodeJS.ErrnoException).code ?? error.message));
  });
}
