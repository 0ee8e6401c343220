import { fail } from '../model/errors.ts';
import { refusal } from './admission.ts';

type Weights = Readonly<Record<string, number>>;

export function requireSum(service: string, weights: Weights): void {
  const sum = Object.values(weights).reduce((total, share) => total + share, 0);
  if (sum === 0 || Math.abs(sum - 100) <= 1e-9) return;
  fail(
    refusal(
      'usage',
      `the weights of ${service} sum to ${sum}`,
      'shares sum to 100, or to 0 where nothing is routed',
      'name every version with its share',
    ),
  );
}

export function requireReady(service: string, weights: Weights, isReady: (version: string) => boolean): void {
  const unready = Object.keys(weights).find((version) => !isReady(version));
  if (unready === undefined) return;
  fail(
    refusal(
      'target.not-ready',
      `${unready} has no ready copy`,
      'traffic never points at a version that is not ready',
      `sofare logs ${service}`,
    ),
  );
}

export function requireNoShare(service: string, weights: Weights, version: string): void {
  const share = weights[version] ?? 0;
  if (share === 0) return;
  fail(
    refusal(
      'check.refused',
      `${version} has ${share} % of the traffic`,
      'a version with a share is never stopped',
      `sofare status ${service}`,
    ),
  );
}
