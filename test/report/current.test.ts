import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backView } from '../../src/report/back.ts';
import { currentText, previousText } from '../../src/report/current.ts';
import { saidText } from '../../src/report/said.ts';
import { paper, start } from './sample-operations.ts';
import { situation, statusInput } from './sample-service.ts';

const view = { service: 'fraud-scorer', model: 'fraud', version: '1.3.0', since: start };

test('a program that reads the version in production gets the version and nothing else', () => {
  assert.equal(currentText(view, paper, false), '1.3.0\n');
  assert.match(currentText(view, paper, true), /^1\.3\.0 {3}since 2026-11-24/);
});

test('a program that reads where a rollback would go gets the version and nothing else', () => {
  assert.ok(statusInput.choice);
  const back = backView({
    choice: statusInput.choice,
    tenures: situation.tenures,
    readyCopies: 1,
    expectedSafe: null,
    now: start,
  });
  assert.ok(back.version !== null);
  assert.equal(previousText({ service: 'fraud-scorer', served: true, back }, paper, false), '1.2.0\n');
});

test('what a version held counts every stretch of its newest time at 100 %, and says when nobody counted its requests', () => {
  assert.ok(statusInput.choice);
  const stretches = [
    { since: start - 1_000, until: null, requests: null },
    { since: start - 9_000, until: start - 5_000, requests: null },
  ];
  const tenures = situation.tenures.map((tenure) =>
    tenure.version === '1.2.0' ? { ...tenure, requests: null, fullStretches: stretches } : tenure,
  );
  const back = backView({ choice: statusInput.choice, tenures, readyCopies: 0, expectedSafe: null, now: start });
  assert.ok(back.version !== null);
  assert.deepEqual([back.held, back.trafficKnown], [5_000, false]);
});

test('a small command says what it did in one sentence, and leaves the name it begins with alone', () => {
  assert.equal(saidText('fraud is held', paper), '✓ fraud is held.\n');
});
