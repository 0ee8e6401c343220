import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alpha, argo, eProcess, wholeGuard } from '../../bench/judge/judges.ts';
import { allowed, detection, type Fired, firedPart, simulate } from '../../bench/judge/simulate.ts';
import { asUnits, type Scenario, shares } from '../../bench/judge/traffic.ts';

// npm run bench:judge does all of this with 20,000 runs each.
const healthy: Scenario = {
  name: 'healthy',
  perSecond: 10,
  share: () => 0.1,
  rate: { canary: 0.01, baseline: 0.01 },
  burst: 1,
};

function assertWithinAlpha(name: string, fired: Fired | undefined): void {
  assert.ok(fired);
  const part = firedPart(fired);
  assert.ok(part <= allowed(alpha, fired.runs), `${name}: ${part} of ${fired.runs} runs`);
}

for (const [name, share] of shares) {
  test(`a healthy canary with ${name} of the traffic is taken back no more often than alpha allows, in 60 looks`, () => {
    for (const perSecond of [1, 10, 100]) {
      const judges = [{ judge: eProcess(1), runs: 1_500 }];
      const [fired] = simulate({ scenario: { ...healthy, perSecond, share }, seed: 40 + perSecond, judges });
      assertWithinAlpha(`${name}, ${perSecond}/s`, fired);
    }
  });
}

test('a canary on the edge of what is tolerated counts as healthy', () => {
  const edge = { ...healthy, rate: { canary: 0.0125, baseline: 0.01 } };
  assertWithinAlpha('edge', simulate({ scenario: edge, seed: 50, judges: [{ judge: eProcess(1.25), runs: 3_000 }] })[0]);
});

test('the whole guard keeps alpha where a fixed threshold takes every healthy canary back', () => {
  const half = { ...healthy, rate: { canary: 0.005, baseline: 0.005 } };
  const [ours, fixed] = simulate({
    scenario: half,
    seed: 60,
    judges: [
      { judge: wholeGuard, runs: 400 },
      { judge: argo(1), runs: 400 },
    ],
  });
  assertWithinAlpha('guard', ours);
  assert.ok(fixed && firedPart(fixed) > 0.98, 'at half the allowed rate of errors the fixed rule fires nearly always');
});

test('errors that come three at once break the bound, and counting by user or over their dispersion keeps it', () => {
  const bursty = { ...healthy, burst: 3 };
  const [plain, over] = simulate({
    scenario: bursty,
    seed: 70,
    judges: [
      { judge: eProcess(1), runs: 1_000 },
      { judge: eProcess(1, 5), runs: 3_000 },
    ],
  });
  assert.ok(plain && firedPart(plain) > 0.15, 'which is why there is a dispersion');
  assertWithinAlpha('over their dispersion', over);
  const [byUser] = simulate({ scenario: bursty, seed: 71, judges: [{ judge: eProcess(1), runs: 3_000 }], draw: asUnits });
  assertWithinAlpha('by user', byUser);
});

test('a bad canary is found as soon as was measured before, within a fifth', () => {
  for (const [baseline, canary, perSecond, requests] of [
    [0.001, 0.01, 10, 523],
    [0.01, 0.05, 10, 193],
    [0.05, 0.12, 10, 226],
  ] as const) {
    const scenario = { ...healthy, perSecond, rate: { baseline, canary } };
    const [fired] = simulate({ scenario, seed: 80, judges: [{ judge: eProcess(1), runs: 1_000 }] });
    assert.ok(fired);
    const found = detection(fired);
    assert.ok(found.power > 0.99);
    assert.ok(Math.abs(found.requests - requests) <= 0.2 * requests, `${found.requests} requests, ${requests} expected`);
  }
});
