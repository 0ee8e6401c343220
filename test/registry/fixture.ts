import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { HistoryEvent } from '../../src/model/history.ts';
import type { Bundle, ModelVersion } from '../../src/model/version.ts';
import { bundleDigest, emptyBundle } from '../../src/registry/bundle.ts';
import { type Registration, registerVersion } from '../../src/registry/register.ts';
import type { Store } from '../../src/store/store.ts';

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** A bundle with one file of this content. */
export function bundleOf(content: string): Bundle {
  return { ...emptyBundle, artifacts: [{ kind: 'stored', path: 'model.bin', digest: digestOf(content), size: content.length }] };
}

/** Registers a version whose one file holds its own name. */
export async function register(
  store: Store,
  version: string,
  more: Partial<Registration> = {},
  at: number | null = null,
): Promise<ModelVersion> {
  const registration = {
    model: 'fraud',
    version,
    draft: false,
    bundle: bundleOf(version),
    actor: 'ann',
    reason: 'trained',
    ...more,
  };
  const registered = await store.transaction('register', (tx, now) => registerVersion(tx, registration, at ?? now));
  return registered.version;
}

export function versionOf(version: string, more: Partial<ModelVersion> = {}): ModelVersion {
  const bundle = more.bundle ?? bundleOf(version);
  return {
    model: 'fraud',
    version,
    status: 'released',
    bundle,
    bundleDigest: bundleDigest(bundle),
    metrics: {},
    parameters: {},
    run: null,
    changelog: '',
    breakingChanges: [],
    deprecations: [],
    createdAt: 0,
    releasedAt: 0,
    deprecatedAt: null,
    actor: 'ann',
    reason: 'trained',
    ...more,
  };
}

/** Events as they were told, oldest first, numbered from 1, turned newest first as the readers want them. */
export function historyOf(...told: readonly Partial<HistoryEvent>[]): readonly HistoryEvent[] {
  return told
    .map(
      (event, index): HistoryEvent => ({
        sequence: index + 1,
        service: 'scorer',
        at: (index + 1) * 1000,
        kind: 'share',
        version: null,
        share: null,
        requests: null,
        operation: null,
        source: 'witnessed',
        actor: 'ann',
        reason: 'because',
        evidence: null,
        ...event,
      }),
    )
    .toReversed();
}

export async function problemOf(work: Promise<unknown> | (() => unknown)): Promise<Problem> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    return error.problem;
  }
  return assert.fail('nothing was refused');
}
