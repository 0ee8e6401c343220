import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '../../bench/judge/chance.ts';
import { eProcess } from '../../bench/judge/judges.ts';
import { allowed, firedPart, simulate } from '../../bench/judge/simulate.ts';
import { drawMinute, type Scenario } from '../../bench/judge/traffic.ts';
import { Counters } from '../../src/host/counters.ts';
import type { BurstCounts } from '../../src/model/burst-counts.ts';
import type { GuardPolicy } from '../../src/model/evidence.ts';
import type { CountersReading } from '../../src/model/hosting.ts';
import { dispersionOfStable } from '../../src/verify/dispersion-of-stable.ts';

const bursty: Scenario = {
  name: 'errors in bursts of three',
  perSecond: 10,
  share: () => 0,
  rate: { canary: 0.01, baseline: 0.01 },
  burst: 3,
};
const traffic = { kind: 'proxy', listen: '127.0.0.1:0', metrics: null } as const;
const serving = { traffic };

function reading(bursts: BurstCounts): CountersReading {
  const counters = new Counters({ arms: {}, refused: 0 });
  counters.send('1.0.0', null);
  const labels = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
  const arm = counters.reading()['1.0.0']!;
  return { at: 0, epoch: 1, arms: { '1.0.0': { ...arm, bursts } }, labels, refused: 0 };
}

/** A day of the stable version alone, as the host keeps it. */
function day(chance: Chance): CountersReading {
  const errors = Array.from({ length: 1_440 }, (_, minute) => drawMinute(chance, bursty, minute).baseline.bad);
  const squares = errors.slice(1).reduce((sum, count, index) => sum + (count - (errors[index] ?? 0)) ** 2, 0);
  return reading({ minutes: errors.length, errors: errors.reduce((sum, count) => sum + count, 0), squares });
}

test('healthy canaries whose errors come in bursts are taken back no more often than alpha allows, by how the stable ones came the day before', () => {
  const chance = new Chance(31);
  for (const seed of [1, 2, 3]) {
    const { dispersion = 1 } = dispersionOfStable(null, '1.0.0', { reading: day(chance), earlier: null, serving });
    assert.ok(dispersion > 4.5 && dispersion < 7, String(dispersion));
    const judges = [
      { judge: eProcess(1), runs: 400 },
      { judge: eProcess(1, dispersion), runs: 1_500 },
    ];
    const [plain, over] = simulate({ scenario: { ...bursty, share: () => 0.1 }, seed, judges });
    assert.ok(plain && over && firedPart(plain) > 0.15);
    assert.ok(firedPart(over) <= allowed(0.01, over.runs), `${firedPart(over)} of ${over.runs}`);
  }
});

test('what was set stands, users count once each, and where too little is known errors count one by one', () => {
  const known = reading({ minutes: 1_440, errors: 1_440, squares: 14_400 });
  const nothing = { reading: null, earlier: null, serving };
  assert.deepEqual(dispersionOfStable(3, '1.0.0', { ...nothing, reading: known }), { dispersion: 3 });
  assert.ok((dispersionOfStable(null, '1.0.0', { ...nothing, reading: known }).dispersion ?? 0) > 5);
  const byUser = { traffic: { ...traffic, unit: 'x-user-id' } };
  assert.equal(dispersionOfStable(null, '1.0.0', { ...nothing, reading: known, serving: byUser }).dispersion, 1);
  assert.equal(dispersionOfStable(null, '2.0.0', { ...nothing, reading: known }).dispersion, 1);
  assert.equal(dispersionOfStable(null, '1.0.0', nothing).dispersion, 1);
});

test('an outage of the stable version does not blind the guard, and what was estimated once is asked to the end', () => {
  const outage = reading({ minutes: 1_440, errors: 600, squares: 2 * 600 ** 2 });
  assert.equal(dispersionOfStable(null, '1.0.0', { reading: outage, earlier: null, serving }).dispersion, 10);
  const earlier = { dispersion: 2.5, estimated: true } as GuardPolicy;
  assert.equal(dispersionOfStable(null, '1.0.0', { reading: outage, earlier, serving }).dispersion, 2.5);
});
