import type { MetricProvider } from '../../model/analysis.ts';
import { fieldsOf } from './fields.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';

const read = ['alpha', 'tolerate', 'limit', 'dispersion', 'restarts', 'detect', 'deadline', 'every', 'baseline'];

/** The guard as a metric plugin: `sofare/sequential: { alpha: 0.01, tolerate: 1.25 }`. Every field may be left out. */
export function sequential(located: Located, findings: Findings): MetricProvider | null {
  const fields = fieldsOf(located, 'sofare/sequential', { read }, findings);
  if (!fields) return null;
  const number = (name: string, otherwise: number, sound: (value: number) => boolean, wanted: string): number => {
    const value = fields.number(name);
    if (value === null) return otherwise;
    if (sound(value)) return value;
    findings.error(fields.place(name), `${name} of sofare/sequential is ${wanted}`);
    return otherwise;
  };
  const baseline = fields.text('baseline') ?? 'stable';
  if (baseline !== 'stable' && baseline !== 'fresh')
    findings.error(fields.place('baseline'), 'baseline of sofare/sequential is stable or fresh');
  const part = (value: number): boolean => value > 0 && value < 1;
  return {
    kind: 'sequential',
    alpha: number('alpha', 0.01, part, 'above 0 and under 1'),
    tolerate: number('tolerate', 1.25, (ratio) => ratio >= 1, 'at least 1'),
    limit: fields.has('limit') ? number('limit', 0.01, part, 'above 0 and under 1') : null,
    dispersion: fields.has('dispersion') ? number('dispersion', 1, (factor) => factor >= 1, 'at least 1') : null,
    restarts: fields.has('restarts') ? number('restarts', 1, (rate) => rate > 0, 'above 0') : null,
    detect: number('detect', 5, (ratio) => ratio > 1, 'above 1'),
    deadline: fields.duration('deadline') ?? 1_800_000,
    baseline: baseline === 'fresh' ? 'fresh' : 'stable',
    every: Math.max(100, fields.duration('every') ?? 1_000),
  };
}
