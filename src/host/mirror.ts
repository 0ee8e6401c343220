import { type OutgoingHttpHeaders, request } from 'node:http';
import type { Copy } from './copy.ts';
import { collect, readsAnswer } from './labels.ts';

/** More than so many at once are not sent, so that a version that is slow is not drowned by what nobody waits for. */
const mostAtOnce = 16;
const patience = 10_000;

/** A request as it was sent to the version that the client got its answer from. */
export interface Mirrored {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Asks the other version the same again, for its answer only: nobody waits for it, and it is in no count of requests, errors or times. */
export class Mirror {
  #flying = 0;

  /** `answered`: the body of an answer that can be compared. It is not called where there is none, whatever the reason. */
  send({ method, path, headers, body }: Mirrored, copy: Copy, answered: (body: Buffer) => void): void {
    if (this.#flying >= mostAtOnce) return;
    this.#flying += 1;
    copy.take();
    const sent = request({
      host: '127.0.0.1',
      port: copy.port ?? 0,
      method,
      path,
      agent: copy.agent,
      timeout: patience,
      headers: { ...headers, 'content-length': body.length, 'x-sofare-mirrored': '1' },
    });
    sent.once('response', (answer) => {
      answer.on('error', () => {});
      if (readsAnswer(answer)) collect(answer, answered);
      answer.resume();
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => {});
    sent.once('close', () => {
      this.#flying -= 1;
      copy.release();
    });
    sent.end(body);
  }
}
