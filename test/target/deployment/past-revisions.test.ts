import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastRevisions, type ReplicaSet } from '../../../src/adapters/target/deployment/past-revisions.ts';
import type { Deployment } from '../../../src/adapters/target/deployment/observed-versions.ts';
import { imageOf } from '../sample-versions.ts';
import { pod } from './sample-objects.ts';

const digest = imageOf('x').slice(imageOf('x').indexOf('@'));
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'before', uid: 'd' },
  status: { conditions: [{ type: 'Progressing', status: 'True', lastUpdateTime: '2026-11-03T00:00:00Z' }] },
} as Deployment;

function replicaSet(revision: number, day: number, image: string, cause?: string): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `before-${day}`,
      uid: `r${day}`,
      creationTimestamp: `2026-11-0${day}T00:00:00Z`,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'before', uid: 'd' }],
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        ...(cause === undefined ? {} : { 'kubernetes.io/change-cause': cause }),
      },
    },
    spec: {
      template: {
        metadata: { labels: { 'app': 'before', 'pod-template-hash': `h${day}` } },
        spec: {
          containers: [
            { name: 'model', image },
            { name: 'beside', image: 'beside:1' },
          ],
        },
      },
    },
  };
}

function podOf(day: number, imageID: string) {
  const metadata = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: '', uid: `r${day}` }] };
  return pod(`p${imageID}`, { metadata, status: { containerStatuses: [{ name: 'model', imageID }] } });
}

function read(replicaSets: readonly ReplicaSet[], pods: ReturnType<typeof podOf>[] = []) {
  return pastRevisions(deployment, { replicaSets, pods }, null);
}

test('a revision is its ReplicaSet: when it began, why, and its image by digest; the latest one serves', () => {
  const [one, two, none] = read([replicaSet(2, 2, imageOf('1.1.0'), 'faster'), replicaSet(1, 1, imageOf('1.0.0'))]);
  assert.deepEqual(
    [one?.revision, one?.since, one?.serves, one?.image, one?.cause],
    [1, Date.UTC(2026, 10, 1), false, imageOf('1.0.0'), null],
  );
  assert.deepEqual([two?.revision, two?.serves, two?.image, two?.cause], [2, true, imageOf('1.1.0'), 'faster']);
  assert.equal(none, undefined);
});

test('which image a tag meant is what its pods say they run, and nobody guesses where none runs or they differ', () => {
  const tagged = replicaSet(1, 1, 'registry.test:5000/fraud:v1.2.0');
  const [known] = read([tagged], [podOf(1, `docker-pullable://registry.test:5000/fraud${digest}`)]);
  assert.deepEqual([known?.image, known?.called, known?.lacks], [`registry.test:5000/fraud${digest}`, '1.2.0', null]);
  assert.equal(known?.pods.spec.containers[0]?.image, known?.image);
  assert.equal(known?.pods.spec.containers[1]?.image, 'beside:1');
  const [unknown] = read([tagged]);
  assert.equal(unknown?.image, null);
  assert.match(unknown?.lacks ?? '', /fraud:v1\.2\.0 is a tag/);
  const [mixed] = read([tagged], [podOf(1, `fraud${digest}`), podOf(1, imageOf('other'))]);
  assert.equal(mixed?.image, null);
  const [local] = read([tagged], [podOf(1, 'sha256:0123')]);
  assert.equal(local?.image, null);
});

test('one that was gone back to ran twice: its second time begins with the last change', () => {
  const told = read([replicaSet(3, 1, imageOf('1.0.0')), replicaSet(2, 2, imageOf('1.1.0'))]);
  assert.deepEqual(
    told.map(({ revision, since, serves }) => [revision, since, serves]),
    [
      [3, Date.UTC(2026, 10, 1), false],
      [2, Date.UTC(2026, 10, 2), false],
      [3, Date.UTC(2026, 10, 3), true],
    ],
  );
});

test('two revisions of one image that were given other things are not the same; the label that Kubernetes adds makes no difference', () => {
  const [one, two] = read([replicaSet(1, 1, imageOf('1.0.0')), replicaSet(2, 2, imageOf('1.0.0'))]);
  assert.equal(one?.digest, two?.digest);
  const changed = replicaSet(3, 3, imageOf('1.0.0'));
  const template = changed.spec?.template;
  const more = { ...template, spec: { containers: [{ name: 'model', image: imageOf('1.0.0'), args: ['--fast'] }] } };
  const [other] = read([{ ...changed, spec: { template: more } }]);
  assert.notEqual(one?.digest, other?.digest);
});

test('a ReplicaSet of another Deployment with the same labels is none of its revisions', () => {
  const stranger = replicaSet(7, 1, imageOf('9.0.0'));
  assert.deepEqual(read([{ ...stranger, metadata: { ...stranger.metadata, ownerReferences: [] } }]), []);
});
