import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
export async function prepareRun(folder: string, examples: string): Promise<RunFolder> {
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, 'sofare.yaml');
  const { readRows } = await example<{ readRows: (file: string) => readonly { readonly flight: object }[] }>(
    examples,
    'rows.mjs',
  );
  const { requestOf } = await example<{ requestOf: (flights: readonly object[]) => object }>(examples, 'inference.mjs');
  const golden = readRows(join(examples, 'sample.ndjson'))
    .slice(0, goldenRows)
    .map(({ flight }) => ({ method: 'POST', path: '/v2/models/flights/infer', body: JSON.stringify(requestOf([flight])) }));
  const document = {
    version: 1,
    state: 'state',
    services: {
      flights: {
        model: 'flights',
        target: {
          kind: 'process',
          command: [process.execPath, join(examples, 'server.mjs')],
          copies: 2,
          warmup: { requests: 200, golden },
        },
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

/** A module of the example, which runs as it lies in the package. */
export async function example<Module>(examples: string, name: string): Promise<Module> {
  return (await import(pathToFileURL(join(examples, name)).href)) as Module;
}
