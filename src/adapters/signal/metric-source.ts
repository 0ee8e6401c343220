import type { MetricReading } from '../../model/analysis.ts';
import type { MomentRange, OutsideProvider } from '../../ports/metric-source.ts';
import { variablesIn } from '../kit/variables.ts';
import { askCommand } from './command.ts';
import { askPrometheus } from './prometheus.ts';
import { askWeb } from './web.ts';

/** Every provider there is, by kind: a new one is a line here. */
export function measureOutside(
  provider: OutsideProvider,
  range: MomentRange | null,
  signal: AbortSignal,
): Promise<MetricReading> {
  switch (provider.kind) {
    case 'prometheus':
      return askPrometheus(provider, range, signal);
    case 'web':
      return askWeb(provider, signal);
    case 'command':
      return askCommand(provider, signal);
  }
}

/** Variables of the environment that a provider names and that are not set. */
export function missingVariables(provider: OutsideProvider): readonly string[] {
  const headers = provider.kind === 'command' ? [] : provider.headers;
  return headers.flatMap(({ value }) => variablesIn(value)).filter((name) => !process.env[name]);
}
