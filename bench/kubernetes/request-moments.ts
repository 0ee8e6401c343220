import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { moment } from './moment.ts';

const channel = 'http.client.request.start';

/** When this process sent each of its requests to that server, by `moment`. */
export function requestMoments(address: string): { readonly moments: number[] } & Disposable {
  const { host } = new URL(address);
  const moments: number[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    if (request.getHeader('host') === host && request.getHeader('user-agent') === 'sofare') moments.push(moment());
  };
  subscribe(channel, note);
  return { moments, [Symbol.dispose]: () => void unsubscribe(channel, note) };
}
