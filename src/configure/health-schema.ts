import * as v from 'valibot';
import type { GoldenRequest, Health } from '../model/health.ts';

type Duration = v.GenericSchema<string, number>;
type Text = v.GenericSchema<string>;

const value = v.union([v.string(), v.number(), v.boolean()], 'a text, a number, true or false');
const ways = ['http', 'inference', 'tcp', 'grpc', 'command'] as const;
const beside = ['status', 'body', 'json', 'equals'] as const;

/** `health:`, asked in one of five ways; `http: /v2/health/ready` where none is said. */
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
    v.transform(({ http, inference, tcp, grpc, command, within, status, body, json, equals }): Health => {
      if (inference !== undefined) return { inference, within };
      if (tcp) return { tcp, within };
      if (grpc !== undefined) return { grpc, within };
      if (command !== undefined) return { command, within };
      return {
        http: http ?? '/v2/health/ready',
        within,
        ...(status === undefined ? {} : { status }),
        ...(body === undefined ? {} : { body }),
        ...(json === undefined ? {} : { json }),
        ...(equals === undefined ? {} : { equals }),
      };
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
