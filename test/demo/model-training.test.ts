import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../examples/flights/evaluate.mjs';
import type { Flight, Model } from '../../examples/flights/score.mjs';
import { featureNames } from '../../examples/flights/score.mjs';
import { seeded } from '../../examples/flights/seeded.mjs';
import { encode } from '../../examples/flights/train/encode.ts';
import { historyOf } from '../../examples/flights/train/history.ts';
import { fitLogistic } from '../../examples/flights/train/logistic.ts';
import { fitNormalisation } from '../../examples/flights/train/normalise.ts';
import type { Flights } from '../../examples/flights/train/read-flights.ts';
import { evaluated, recipes } from '../../examples/flights/train/recipes.ts';

interface Departure {
  readonly departed: number;
  readonly late: number;
  readonly distance: number;
  readonly origin: number;
  readonly destination: number;
}

const day = 1440;

function flightsOf(departures: readonly Departure[]): Flights {
  const sorted = departures.toSorted((one, other) => one.departed - other.departed);
  return {
    count: sorted.length,
    read: sorted.length,
    airports: ['AAA', 'BBB', 'CCC'],
    departed: Int32Array.from(sorted, ({ departed }) => departed),
    late: Uint8Array.from(sorted, ({ late }) => late),
    distance: Uint16Array.from(sorted, ({ distance }) => distance),
    origin: Uint16Array.from(sorted, ({ origin }) => origin),
    destination: Uint16Array.from(sorted, ({ destination }) => destination),
  };
}

const departure = fc.record({
  // Few days and few hours, so that flights meet.
  departed: fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 300, max: 900 }))
    .map(([days, minute]) => days * 7 * day + minute),
  late: fc.integer({ min: 0, max: 1 }),
  distance: fc.integer({ min: 50, max: 900 }),
  origin: fc.integer({ min: 0, max: 2 }),
  destination: fc.integer({ min: 0, max: 2 }),
});

test('the features of a flight do not depend on its own outcome, on that of any flight not yet landed, or on any later flight', () => {
  fc.assert(
    fc.property(fc.array(departure, { minLength: 1, maxLength: 60 }), fc.nat(), (departures, at) => {
      const sorted = departures.toSorted((one, other) => one.departed - other.departed);
      const now = sorted[at % sorted.length]!.departed;
      const past = sorted.filter(({ departed }) => departed <= now);
      // Landed at 420 miles an hour at the earliest; what has not landed turns out the other way round.
      const otherwise = sorted.map((one) => (one.departed + 45 + one.distance / 7 > now ? { ...one, late: 1 - one.late } : one));
      const [known, all] = [historyOf(flightsOf(past)), historyOf(flightsOf(otherwise))];
      for (const name of ['volume', 'lateShare', 'usualNow', 'usualBefore'] as const) {
        // Those that left in the same minute look the same way back.
        const last = past.length - 1;
        assert.equal(known[name][last], all[name][last], name);
      }
    }),
    { numRuns: 300, seed: 42 },
  );
});

test('the volume is the mean of the same hour of the week in the four weeks before', () => {
  const now = 30 * day + 600;
  const weeksAgo = [1, 1, 1, 2, 3, 3, 5].map((week) => ({
    departed: now - week * 7 * day + (week % 2),
    late: 0,
    distance: 300,
    origin: 0,
    destination: 1,
  }));
  const { volume } = historyOf(flightsOf([...weeksAgo, { departed: now, late: 0, distance: 300, origin: 0, destination: 1 }]));
  assert.equal(volume.at(-1), (3 + 1 + 2) / 4);
});

test('logistic regression finds the weights that made the labels', () => {
  const random = seeded(3);
  const truth = [-1, 2, 0.5];
  const features = Float64Array.from({ length: 60_000 }, (_, index) => (index % 3 === 0 ? 1 : random() * 2 - 1));
  const labels = Uint8Array.from({ length: 20_000 }, (_, row) => {
    const logOdds = truth.reduce((sum, weight, index) => sum + weight * features[row * 3 + index]!, 0);
    return random() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  });
  const found = fitLogistic(features, labels, 3);
  for (const [index, weight] of truth.entries()) assert.ok(Math.abs(found[index]! - weight) < 0.1, `${found}`);
});

test('a rare airport stays near the common rate, and one that was never seen is at it', () => {
  const airports = ['AAA', ...Array<string>(999).fill('BBB'), ...Array<string>(1_000).fill('CCC')];
  const late = Uint8Array.from(airports, (airport, row) => (airport === 'CCC' ? Number(row % 2 === 0) : 0));
  late[0] = 1;
  const encoded = encode([...airports.keys()], (row) => airports[row]!, late);
  assert.ok(Math.abs(encoded['AAA']! - encoded.other) < 0.05);
  assert.ok(encoded['BBB']! < encoded.other && encoded.other < encoded['CCC']!);
});

test('normalisation is by median and quartiles', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual(
    fitNormalisation(
      [0, 1, 2, 3, 4],
      values,
      values.map((value) => value * 100),
    ).volume,
    { centre: 3, scale: 2 },
  );
});

test('AUC counts a tie as half, and a score that is not finite as an error and not as an answer', () => {
  const flight: Flight = {
    origin: 'AAA',
    destination: 'BBB',
    hour: 0,
    weekday: 0,
    distance: 0,
    volume: 0,
    lateShare: 0,
    usualNow: 0,
    usualBefore: 0,
  };
  const weights = featureNames.map((name) => (name === 'distance' ? 1 : 0));
  const scaling = { centre: 0, scale: 1 };
  const model: Model = {
    version: '1.0.0',
    threshold: 0.5,
    encodings: { origin: { other: 0 }, destination: { other: 0 } },
    weights,
    normalisation: { volume: scaling, distance: scaling },
  };
  const row = (distance: number, label: 'late' | 'on time'): { flight: Flight; label: 'late' | 'on time' } => ({
    flight: { ...flight, distance },
    label,
  });
  const figures = evaluate(model, [row(-1, 'on time'), row(1, 'late'), row(1, 'on time'), row(2, 'late'), row(1_000, 'on time')]);
  assert.deepEqual(figures, { rows: 5, lateRate: 2 / 5, auc: 3.5 / 4, wrongRate: 1 / 4, errorRate: 1 / 5, answeredLate: 3 / 4 });
});

test('nothing is evaluated on a day that anything was trained on', () => {
  for (const { until } of recipes) assert.ok(until <= evaluated.from);
});
