import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absorb, beginGuard } from '../../src/decide/guard-state.ts';
import type { ArmDelta, GuardPolicy, GuardState } from '../../src/model/evidence.ts';
import { watchLines } from '../../src/report/watch.ts';
import { policy } from './sample-guard.ts';

function arm(requests: number, more: Partial<ArmDelta>): ArmDelta {
  return { requests, errors: 0, unanswered: 0, latency: [], right: 0, wrong: 0, ...more };
}

/** What is shown after a minute of which each second was like this. */
function shown(canary: Partial<ArmDelta>, baseline: Partial<ArmDelta>, changed: Partial<GuardPolicy>): string {
  const rules = { ...policy, warmup: 0, ...changed };
  let state: GuardState = beginGuard({ 'latency-p50': null, 'latency-p90': null, 'latency-p99': null });
  for (let id = 1; id <= 60; id += 1)
    state = absorb(state, { id, from: id - 1, to: id, canary: arm(10, canary), baseline: arm(90, baseline) }, rules);
  return watchLines({ state, policy: rules, seen: [], startedAt: 0, until: 60, lastAt: 60 }).join('\n');
}

const quiet = { copies: { ended: 0, seconds: 4 } };
const failing = { copies: { ended: 1, seconds: 2 } };

test('ends of copies are shown in the time that copies ran, against the stable version or what is allowed, and not where there were none', () => {
  assert.match(shown(failing, quiet, {}), /^restarts {3}60 in 2m of running against 0 in 4m of running {2}/m);
  assert.match(shown(failing, quiet, { restarts: 2 }), /^restarts {3}60 in 2m of running against 2 a day and copy {2}/m);
  assert.doesNotMatch(shown(quiet, quiet, {}), /restarts/);
});

test('what both versions said to the same requests is a line of its own, where some are asked twice', () => {
  const [canary, baseline] = [{ pairs: { of: 5, wrong: 2, alone: 1 } }, { pairs: { of: 5, wrong: 1, alone: 0 } }];
  assert.match(shown(canary, baseline, { paired: true }), /^both asked 40\.0% \([\d.]+% to [\d.]+%\) of 300 against 20\.0% {2}/m);
  assert.doesNotMatch(shown(canary, baseline, {}), /both asked/);
});

test('how many errors count as one is said where nobody set it', () => {
  assert.match(
    shown({}, {}, { dispersion: 3.2, estimated: true }),
    /^bursts {5}3\.2 errors count as one, as the stable version's came before$/m,
  );
  assert.doesNotMatch(shown({}, {}, { dispersion: 1, estimated: true }), /bursts/);
  assert.doesNotMatch(shown({}, {}, { dispersion: 3 }), /bursts/);
});
