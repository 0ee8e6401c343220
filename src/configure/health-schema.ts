import * as v from 'valibot';
import type { GoldenRequest, Health } from '../model/health.ts';

/** Where a server of the Open Inference Protocol says whether it is ready. */
export const usualPath = '/v2/health/ready';

type Duration = v.GenericSchema<string, number>;
type Text = v.GenericSchema<string>;

const value = v.union([v.string(), v.number(), v.boolean()], 'a text, a number, true or false');
const ways = ['http', 'inference', 'tcp', 'grpc', 'command', 'ready'] as const;
const beside = ['status', 'body', 'json', 'equals'] as const;

/** Where nothing is said, what is usual there is asked. */
export interface WrittenHealth {
  readonly asked: Health | null;
  readonly within: number;
}

/** `health:`, asked in one of six ways. */
export function healthSchema(duration: Duration, path: Text, text: Text) {
  return v.pipe(
    v.strictObject({
      http: v.optional(path),
      status: v.optional(v.pipe(v.number('a status such as 200'), v.integer('a status such as 200'))),
      body: v.optional(text),
      json: v.optional(text),
      equals: v.optional(value),
      inference: v.optional(text),
      tcp: v.optional(v.literal(true, 'true')),
      grpc: v.optional(v.string('the name of a service; empty for the whole server')),
      command: v.optional(v.pipe(v.array(text), v.minLength(1, 'a list with at least the program'))),
      ready: v.optional(v.literal(true, 'true')),
      within: v.optional(duration, '250ms'),
    }),
    v.check((written) => ways.filter((way) => written[way] !== undefined).length <= 1, `only one of ${ways.join(', ')}`),
    v.check(
      (written) =>
        written.http !== undefined ||
        ways.every((way) => written[way] === undefined) ||
        beside.every((name) => written[name] === undefined),
      `${beside.join(', ')} only beside http`,
    ),
    v.check(({ equals, json }) => equals === undefined || json !== undefined, 'equals only beside json'),
    v.transform(({ http, inference, tcp, grpc, command, ready, within, ...more }): WrittenHealth => {
      if (inference !== undefined) return { asked: { inference, within }, within };
      if (tcp) return { asked: { tcp, within }, within };
      if (grpc !== undefined) return { asked: { grpc, within }, within };
      if (command !== undefined) return { asked: { command, within }, within };
      if (ready) return { asked: { ready, within }, within };
      const expected = Object.fromEntries(Object.entries(more).filter(([, wanted]) => wanted !== undefined));
      const said = http !== undefined || Object.keys(expected).length > 0;
      return { asked: said ? { http: http ?? usualPath, within, ...expected } : null, within };
    }),
  );
}

/** One of `golden:`. */
export function goldenSchema(duration: Duration, path: Text, text: Text): v.GenericSchema<unknown, GoldenRequest> {
  return v.strictObject({
    path,
    body: v.optional(v.nullable(v.string('JSON as a text')), null),
    json: text,
    equals: value,
    tolerance: v.optional(v.pipe(v.number('a number from 0 up'), v.minValue(0, 'a number from 0 up')), 0),
    within: v.optional(duration, '2s'),
  });
}
