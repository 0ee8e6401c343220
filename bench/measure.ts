import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** One figure of a table: what was measured, how often, and where the goal is. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'per second';
  readonly median: number;
  readonly p95: number;
  readonly samples: number;
  readonly goal: number | null;
  readonly beside: string | null;
}

export function figure(
  name: string,
  unit: Figure['unit'],
  samples: readonly number[],
  { goal = null, beside = null }: { readonly goal?: number | null; readonly beside?: string | null } = {},
): Figure {
  return { name, unit, median: quantile(samples, 0.5), p95: quantile(samples, 0.95), samples: samples.length, goal, beside };
}

export function quantile(samples: readonly number[], at: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(at * sorted.length) - 1)] ?? Number.NaN;
}

export function machine(): {
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly node: string;
  readonly commit: string;
} {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    commit,
  };
}
