import type { Server } from 'node:net';

/** How many connections may wait until they are taken. */
const waiting = 1_024;

/** Resolves with the port, which the system chooses where 0 is asked for; fails as `listen` does, for one with EADDRINUSE. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, waiting, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(address && typeof address === 'object' ? address.port : port);
    });
  });
}
