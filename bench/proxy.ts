import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Local } from '../test/fixtures/local.ts';
import { type Figure, figure } from './measure.ts';

interface Hammered {
  readonly perSecond: number;
  readonly latencies: readonly number[];
}

/** What the proxy adds to a request, and how many it passes with 64 connections, beside the same client going direct. */
export async function benchProxy(): Promise<readonly Figure[]> {
  await using local = new Local();
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  const host = await local.document('up');
  const direct = `http://127.0.0.1:${host.services[0].versions[0].copies[0].port}`;
  const figures: Figure[] = [];
  for (const connections of [1, 64]) {
    const [straight, proxied] = [await hammer(direct, connections), await hammer(address, connections)];
    const beside = `direct ${median(straight.latencies).toFixed(2)} ms, ${Math.round(straight.perSecond)} per second`;
    figures.push(
      figure(`through the proxy, ${connections} connection${connections === 1 ? '' : 's'}`, 'ms', proxied.latencies, { beside }),
    );
    figures.push(
      figure(`through the proxy, ${connections} connection${connections === 1 ? '' : 's'}`, 'per second', [proxied.perSecond], {
        beside,
      }),
    );
  }
  return figures;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs the client in a process of its own, so that it shares no event loop with anything measured. */
async function hammer(url: string, connections: number): Promise<Hammered> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hammer.ts'), url, String(connections)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the client ended with ${String(code)}`);
  return JSON.parse(text) as Hammered;
}
