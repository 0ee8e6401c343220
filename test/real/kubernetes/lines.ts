import type { IncomingMessage } from 'node:http';

/** The lines of a body as they come. Fails where the connection is lost before its end. */
export async function* linesOf(message: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const part of message.setEncoding('utf8')) {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
