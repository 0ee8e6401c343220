import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfiguration } from '../../src/configure/read.ts';
import type { Health } from '../../src/model/health.ts';
import { httpProblem } from '../../src/verify/health.ts';
import { wrongAnswer } from '../../src/verify/prove-step.ts';

const answered = (body: string, status = 200, took = 10) => ({ answered: true as const, status, body, took });

test('an answer is healthy by its status, its text, its JSON and its time', () => {
  const health = { http: '/h', within: 100 };
  assert.equal(httpProblem(health, answered('')), null);
  assert.equal(httpProblem(health, answered('', 503)), '/h answers 503');
  assert.equal(httpProblem(health, answered('', 200, 101)), '/h took 101 ms');
  assert.equal(httpProblem({ ...health, status: 204 }, answered('')), '/h answers 200, not 204');
  assert.equal(httpProblem({ ...health, body: 'ok' }, answered('all is well')), '/h does not say "ok"');
  assert.equal(httpProblem({ ...health, json: 'a.b', equals: true }, answered('{"a":{"b":true}}')), null);
  assert.equal(
    httpProblem({ ...health, json: 'a.b', equals: true }, answered('{"a":{"b":"true"}}')),
    '/h has "true" at a.b, not true',
  );
  assert.equal(httpProblem({ ...health, json: 'a' }, answered('not json')), '/h has nothing at a');
  assert.equal(httpProblem({ ...health, json: '__proto__' }, answered('{}')), '/h has nothing at __proto__');
  assert.equal(httpProblem(health, { answered: false, why: 'ECONNREFUSED' }), '/h: ECONNREFUSED');
});

test('a golden answer may be off by its tolerance, and by no more', () => {
  const request = { path: '/p', body: '{}', json: 'y[0]', equals: 0.5, tolerance: 0.01, within: 1_000 };
  assert.equal(wrongAnswer(request, answered('{"y":[0.509]}')), null);
  assert.equal(wrongAnswer(request, answered('{"y":[0.52]}')), '/p has 0.52 at y[0], not 0.5 within 0.01');
  assert.equal(wrongAnswer(request, answered('{"y":["0.5"]}')), '/p has "0.5" at y[0], not 0.5 within 0.01');
  assert.equal(wrongAnswer(request, answered('{"y":[]}')), '/p has nothing at y[0], not 0.5 within 0.01');
  assert.equal(wrongAnswer({ ...request, equals: 'cat', tolerance: 0 }, answered('{"y":["cat"]}')), null);
  assert.equal(wrongAnswer(request, answered('{"y":[0.5]}', 500)), '/p answers 500');
});

const configured = (health: string): Health | undefined => {
  const text = `version: 1\nservices:\n  s:\n    model: m\n    target: { kind: process, command: [a] }\n    traffic: { kind: proxy, listen: "127.0.0.1:1" }\n    ${health}\n`;
  return readConfiguration({ text, file: '/s.yaml', found: 'by -c', environment: {} }).services['s']?.serving?.health;
};

test('health is asked in one of five ways', () => {
  assert.deepEqual(configured('bake: { for: 0s }'), { http: '/v2/health/ready', within: 250 });
  assert.deepEqual(configured('health: { tcp: true, within: 1s }'), { tcp: true, within: 1_000 });
  assert.deepEqual(configured('health: { grpc: "" }'), { grpc: '', within: 250 });
  assert.deepEqual(configured('health: { inference: m }'), { inference: 'm', within: 250 });
  assert.deepEqual(configured('health: { command: [check] }'), { command: ['check'], within: 250 });
  assert.deepEqual(configured('health: { http: /h, json: a, equals: 1 }'), { http: '/h', within: 250, json: 'a', equals: 1 });
  assert.throws(() => configured('health: { tcp: true, http: /h }'), /only one of/);
  assert.throws(() => configured('health: { tcp: true, status: 200 }'), /only beside http/);
  assert.throws(() => configured('health: { equals: 1 }'), /equals only beside json/);
  assert.throws(() => configured('health: { htpp: /h }'), /did you mean http\?/);
});
