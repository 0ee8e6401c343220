import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Where one run of the demo keeps everything. */
export interface RunFolder {
  readonly folder: string;
  readonly configuration: string;
  readonly ledger: string;
  readonly events: string;
}

/** Requests that every version answers before it gets traffic, from the replayed rows themselves. */
const goldenRows = 20;

/** Writes the sofare.yaml of a run: the flights model, any free port, a bake that a minute has room for. */
export function prepareRun(folder: string, examples: string): RunFolder {
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, 'sofare.yaml');
  const golden = readFileSync(join(examples, 'sample.ndjson'), 'utf8')
    .split('\n', goldenRows)
    .map((line) => ({ method: 'POST', path: '/v2/models/flights/infer', body: JSON.stringify(inferenceOf(JSON.parse(line) as { features: readonly number[] })) }));
  const document = {
    version: 1,
    state: 'state',
    services: {
      flights: {
        model: 'flights',
        target: { kind: 'process', command: [process.execPath, join(examples, 'server.mjs')], copies: 2, warmup: { requests: 200, golden } },
        traffic: { kind: 'proxy', listen: '127.0.0.1:0' },
        identity: { http: '/v2/models/flights', json: 'versions[0]', least: 'answered' },
        health: { http: '/v2/health/ready', within: '2s' },
        signals: { errors: { proxy: 'errors' }, latency: { proxy: 'latency' } },
        labels: { answer: 'outputs[0].data[0]', compare: 'equal', wait: '10m' },
        guard: { alpha: 0.01, tolerate: 1.25, deadline: '90s', onUndecided: 'pause' },
        bake: { for: '3s', requests: 300 },
        keep: { knownGood: 3, warm: '1h' },
      },
    },
  };
  writeFileSync(configuration, stringify(document));
  return { folder, configuration, ledger: join(folder, 'ledger.ndjson'), events: join(folder, 'state', 'host', 'events.ndjson') };
}

function inferenceOf({ features }: { readonly features: readonly number[] }): unknown {
  return { inputs: [{ name: 'flights', shape: [1, features.length], datatype: 'FP64', data: features }] };
}
