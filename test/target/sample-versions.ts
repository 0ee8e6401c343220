import type { Bundle, ModelVersion } from '../../src/model/version.ts';
import { bundleDigest, emptyBundle } from '../../src/registry/bundle.ts';

/** A version as a registry would know it. */
export function sampleVersion(version: string, bundle: Partial<Bundle>): ModelVersion {
  const whole = { ...emptyBundle, ...bundle };
  return {
    model: 'm',
    version,
    status: 'candidate',
    bundle: whole,
    bundleDigest: bundleDigest(whole),
    metrics: {},
    parameters: {},
    run: null,
    changelog: '',
    breakingChanges: [],
    deprecations: [],
    createdAt: 0,
    releasedAt: null,
    deprecatedAt: null,
    actor: 'test',
    reason: 'test',
  };
}

/** An image by a digest that is made of its name. */
export function imageOf(name: string, repository = 'registry.test/fraud'): string {
  return `${repository}@sha256:${Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64)}`;
}
