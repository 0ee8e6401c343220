import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marks } from '../../../src/adapters/kit/kubernetes/fence.ts';
import { requireApart } from '../../../src/adapters/target/deployment/adopted.ts';
import { type Deployment, observedVersions } from '../../../src/adapters/target/deployment/observed-versions.ts';
import { tooMany } from '../../../src/adapters/target/deployment/rest.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import { imageOf } from '../sample-versions.ts';
import { deployment, pod } from './sample-objects.ts';

const adopted: Deployment = deployment({
  metadata: {
    name: 'before',
    annotations: { ...deployment().metadata.annotations, [marks.adopted]: '2026-11-01T00:00:00Z' },
  },
  spec: { replicas: 2, selector: { matchLabels: { app: 'before' } } },
  status: { observedGeneration: 1, readyReplicas: 2 },
});

/** As its Deployment was written, by a tag. */
function podOfBefore(name: string, imageID: string, labels: Readonly<Record<string, string>> = { app: 'before' }) {
  const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  return pod(name, {
    metadata: { labels },
    spec: { containers: [{ name: 'model', image: 'registry.test/fraud:1.2.0' }] },
    status: { ...ready, containerStatuses: [{ name: 'model', imageID }] },
  });
}

function readyOf(pods: readonly ReturnType<typeof pod>[]): readonly string[] {
  const { versions } = observedVersions({ deployments: [adopted], pods, reachable: null }, 8080);
  return versions['1.2.0']?.copies.filter(({ ready }) => ready).map(({ id }) => id) ?? [];
}

test('pods of what was adopted are found by its own labels, and run what their nodes say a tag was', () => {
  const same = imageOf('1.2.0');
  assert.deepEqual(readyOf([podOfBefore('a', `docker-pullable://${same}`)]), ['a']);
  assert.deepEqual(readyOf([podOfBefore('a', imageOf('by hand'))]), []);
  assert.deepEqual(readyOf([podOfBefore('a', '')]), []);
  assert.deepEqual(readyOf([podOfBefore('a', same, { app: 'another' })]), []);
});

test('a pod of a later version is none of its pods, whatever other labels the two share', () => {
  assert.deepEqual(readyOf([podOfBefore('a', imageOf('1.2.0'), { app: 'before', [marks.service]: 'fraud' })]), []);
});

test('a pod that was given another image by digest is not excused by its node', () => {
  const other = podOfBefore('a', imageOf('1.2.0'));
  assert.deepEqual(readyOf([{ ...other, spec: { containers: [{ name: 'model', image: imageOf('other') }] } }]), []);
});

test('what was adopted is never removed, however long it has been at rest', () => {
  const rest = (name: string, day: number, more: object = {}) =>
    deployment({
      metadata: { name, annotations: { [marks.restedAt]: `2026-11-${10 + day}T00:00:00Z`, ...more } },
      spec: { replicas: 0 },
    });
  const later = Array.from({ length: 11 }, (_, index) => rest(`fraud-${index}`, index + 1));
  const before = rest('before', 0, { [marks.adopted]: '2026-11-01T00:00:00Z' });
  assert.deepEqual(
    tooMany([before, ...later]).map(({ metadata }) => metadata.name),
    ['fraud-0'],
  );
});

test('pods that a Service of before would take for its own are refused, others are not', () => {
  const finders = [{ called: 'Service before', selector: { app: 'before', tier: 'serving' } }];
  const pods = (labels: Readonly<Record<string, string>>) => ({ metadata: { labels }, spec: { containers: [] } });
  requireApart(pods({ app: 'before' }), adopted, finders);
  requireApart(pods({ app: 'fraud', tier: 'serving' }), adopted, finders);
  assert.throws(
    () => requireApart(pods({ app: 'before', tier: 'serving', more: 'x' }), adopted, finders),
    (error) =>
      error instanceof ProblemError && /Service before finds its pods by app=before,tier=serving/.test(error.problem.why),
  );
});
