import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { fail, type Problem, ProblemError } from '../../model/errors.ts';
import {
  type CountersReading,
  type HostedService,
  type HostHello,
  hostProtocol,
  type LabelReceipt,
  type RecordSwap,
  type RetireRequest,
  type WantRequest,
  type WeightsRequest,
} from '../../model/hosting.ts';
import type { RecordObservation } from '../../model/service-record.ts';

/** Speaks to the local host of one state directory. Every call fails with target.unreachable when no host answers. */
export interface HostClient {
  hello(signal: AbortSignal): Promise<HostHello>;
  /** Null: the host never heard of the service. */
  service(name: string, signal: AbortSignal): Promise<HostedService | null>;
  changes(name: string, since: number, wait: number, signal: AbortSignal): Promise<HostedService | null>;
  counters(name: string, signal: AbortSignal): Promise<CountersReading | null>;
  want(name: string, request: WantRequest, signal: AbortSignal): Promise<void>;
  setWeights(name: string, request: WeightsRequest, signal: AbortSignal): Promise<void>;
  retire(name: string, request: RetireRequest, signal: AbortSignal): Promise<void>;
  record(name: string, signal: AbortSignal): Promise<RecordObservation>;
  swapRecord(name: string, swap: RecordSwap, signal: AbortSignal): Promise<boolean>;
  label(name: string, lines: string, signal: AbortSignal): Promise<LabelReceipt>;
  down(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** What the host itself answered: of its own disk and state, and never of the registry. */
export class HostRefusal extends ProblemError {}

export function hostClient(directory: string): HostClient {
  const agent = new Agent({ keepAlive: true });
  const call = <Answer>(method: string, path: string, body: string | null, signal: AbortSignal): Promise<Answer> =>
    send<Answer>(directory, agent, method, path, body, signal);
  const of = (name: string, what = ''): string => `/services/${encodeURIComponent(name)}${what}`;
  const post = (name: string, what: string, document: unknown, signal: AbortSignal): Promise<unknown> =>
    call('POST', of(name, what), JSON.stringify(document), signal);
  return {
    hello: (signal) => call('GET', '/', null, signal),
    service: (name, signal) => absent(call<HostedService>('GET', of(name), null, signal)),
    changes: (name, since, wait, signal) =>
      absent(call<HostedService>('GET', of(name, `/changes?since=${since}&wait=${Math.round(wait)}`), null, signal)),
    counters: (name, signal) => absent(call<CountersReading>('GET', of(name, '/counters'), null, signal)),
    want: async (name, wanted, signal) => void (await post(name, '/wanted', wanted, signal)),
    setWeights: async (name, weights, signal) => void (await post(name, '/weights', weights, signal)),
    retire: async (name, retired, signal) => void (await post(name, '/retire', retired, signal)),
    record: (name, signal) => call('GET', of(name, '/record'), null, signal),
    swapRecord: async (name, swap, signal) =>
      (await call<{ swapped: boolean }>('PUT', of(name, '/record'), JSON.stringify(swap), signal)).swapped,
    label: (name, lines, signal) => call('POST', of(name, '/labels'), lines, signal),
    down: async (signal) => void (await call('POST', '/down', null, signal)),
    close: () => agent.destroy(),
  };
}

export interface StartHost {
  readonly directory: string;
  /** Node and the host's program. */
  readonly command: readonly string[];
  /** The command line of sofare, to go on with what a dead process left; null: nobody does. */
  readonly resumeCommand: readonly string[] | null;
  readonly configuration: string;
  /** The database that it finds in its environment, as it may be shown; null: none. */
  readonly rows: string | null;
}

const startWithin = 120_000;
const askEvery = 25;

/** Starts a host that outlives this process, and returns when it answers. Another one that is quicker is as good. */
export async function startHost(
  { directory, command, resumeCommand, configuration, rows }: StartHost,
  client: HostClient,
  signal: AbortSignal,
): Promise<HostHello> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = openSync(join(directory, 'host.log'), 'a', 0o600);
  const [program = '', ...words] = command;
  const more = resumeCommand ? ['--resume-command', JSON.stringify(resumeCommand)] : ['--unsupervised'];
  const where = rows === null ? [] : ['--rows', rows];
  const child = spawn(program, [...words, '--directory', directory, '--configuration', configuration, ...where, ...more], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  let ended: number | null = null;
  child.once('exit', (code) => {
    ended = code ?? 1;
  });
  for (const deadline = performance.now() + startWithin; performance.now() < deadline && !signal.aborted; ) {
    const hello = await client.hello(signal).catch(() => null);
    if (hello) return hello;
    if (ended !== null && ended !== 3) break;
    await new Promise((resolve) => {
      setTimeout(resolve, askEvery);
    });
  }
  return fail({
    code: 'target.unreachable',
    what: 'the local host does not start',
    why: `see ${join(directory, 'host.log')}`,
    touched: 'no',
    next: 'sofare up',
  });
}

function send<Answer>(
  directory: string,
  agent: Agent,
  method: string,
  path: string,
  body: string | null,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socketPath = socketOf(directory);
    if (socketPath === null) return reject(new ProblemError(unreachable(directory, 'none was started there')));
    const sent = request(
      {
        socketPath,
        agent,
        method,
        path,
        signal,
        headers: {
          'x-sofare-host': hostProtocol,
          ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('error', (error) => reject(new ProblemError(lost(error.message))));
        response.on('end', () => {
          const document = parse(text);
          if (response.statusCode === 200) return resolve(document as Answer);
          return reject(
            new HostRefusal((document as { problem?: Problem } | null)?.problem ?? lost(`status ${response.statusCode}`)),
          );
        });
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) return reject(error);
      const never = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      // Once it was written, nobody knows whether it took effect.
      reject(
        new ProblemError(never || method === 'GET' ? unreachable(directory, error.message) : lost(error.message), {
          cause: error,
        }),
      );
    });
    sent.end(body ?? undefined);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function socketOf(directory: string): string | null {
  try {
    return readFileSync(join(directory, 'socket'), 'utf8');
  } catch {
    return null;
  }
}

async function absent<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'service.unknown') return null;
    throw error;
  }
}

function unreachable(directory: string, why: string): Problem {
  return { code: 'target.unreachable', what: `no local host answers for ${directory}`, why, touched: 'no', next: 'sofare up' };
}

function lost(why: string): Problem {
  return {
    code: 'outcome.unknown',
    what: 'the answer of the local host was lost',
    why,
    touched: 'unknown',
    next: 'sofare status',
  };
}
