import { connect } from 'node:http2';

/** The states of grpc.health.v1.HealthCheckResponse, by number. */
const states = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;
const largestAnswer = 4_096;

/** Asks `grpc.health.v1.Health/Check` over HTTP/2 without TLS. Two messages of one field each need no library. */
export function grpcHealth(address: string, service: string, within: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((done) => {
    const session = connect(address);
    const ended = (why: string | null): void => {
      clearTimeout(timer);
      session.destroy();
      done(why);
    };
    const timer = setTimeout(() => ended(`no answer within ${within} ms`), within);
    session.once('error', (error) => ended(codeOf(error)));
    const stream = session.request(
      {
        ':method': 'POST',
        ':path': '/grpc.health.v1.Health/Check',
        'content-type': 'application/grpc',
        'te': 'trailers',
        'grpc-timeout': `${Math.max(1, Math.round(within))}m`,
      },
      { signal },
    );
    const parts: Buffer[] = [];
    let status = '';
    const heard = (headers: Readonly<Record<string, unknown>>): void => {
      if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status']);
    };
    stream.on('response', heard);
    stream.on('trailers', heard);
    stream.on('data', (part: Buffer) => {
      parts.push(part);
      if (Buffer.concat(parts).length > largestAnswer) ended('the answer is no health check');
    });
    stream.once('error', (error) => ended(codeOf(error)));
    stream.once('end', () => ended(status === '0' ? stateOf(Buffer.concat(parts)) : `gRPC status ${status || 'missing'}`));
    stream.end(message(service));
  });
}

/** A stream that ends with its session says only that; why is the session's error. */
function codeOf(error: Error): string {
  const { code, message } = (error.cause instanceof Error ? error.cause : error) as NodeJS.ErrnoException;
  return code ?? message;
}

/** A frame (not compressed, length) around field 1, the service's name. */
function message(service: string): Buffer {
  const name = Buffer.from(service);
  const body = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** Field 1 of the answer; left out it is 0. */
function stateOf(frame: Buffer): string | null {
  if (frame.length < 5 || frame.readUInt32BE(1) !== frame.length - 5) return 'the answer is no health check';
  const state = frame.length === 5 ? 0 : frame[5] === 0x08 ? (frame[6] ?? 0) : -1;
  return state === 1 ? null : `it is ${states[state] ?? 'in an unknown state'}`;
}
