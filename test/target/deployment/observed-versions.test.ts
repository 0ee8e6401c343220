import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Deployment,
  observedVersions,
  reachablePods,
  type Told,
} from '../../../src/adapters/target/deployment/observed-versions.ts';
import type { Pod } from '../../../src/adapters/target/deployment/pod.ts';
import { requireStopped } from '../../../src/adapters/target/deployment/require-stopped.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import type { VersionObservation } from '../../../src/model/observation.ts';
import { imageOf } from '../sample-versions.ts';
import { deployment, pod, waiting } from './sample-objects.ts';

const told = (of: Deployment, ...pods: readonly Pod[]): Told => ({
  deployments: [of],
  pods,
  reachable: new Set(pods.map(({ metadata }) => metadata.name)),
});
const seen = (of: Deployment, ...pods: readonly Pod[]): VersionObservation | undefined =>
  observedVersions(told(of, ...pods), 8080).versions['1.2.0'];

test('a version is its Deployment and the pods that carry its label', () => {
  const stranger = pod('other', { metadata: { labels: { 'sofare.dev/version': '1.3.0' } } });
  const version = seen(deployment(), pod('a'), pod('b'), stranger);
  assert.deepEqual(version, {
    version: '1.2.0',
    bundleDigest: 'sha256:of-1.2.0',
    wanted: 2,
    failed: null,
    copies: ['a', 'b'].map((id) => ({ id, ready: true, address: 'http://10.0.0.7:8080', identity: null, restarts: 0 })),
  });
  assert.equal(observedVersions(told(deployment()), 8080).fence, 4);
});

test('a pod that is ending, was evicted or has ended is no copy', () => {
  const ending = pod('ending', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
  const evicted = pod('evicted', { status: { phase: 'Failed' } });
  assert.deepEqual(
    seen(deployment(), pod('a'), ending, evicted)?.copies.map(({ id }) => id),
    ['a'],
  );
});

test('a pod that runs another image than its version was given is no ready copy of it, whatever it answers', () => {
  const edited = pod('edited', { spec: { containers: [{ name: 'model', image: imageOf('edited') }] } });
  const sidecar = pod('injected', {
    spec: {
      containers: [
        { name: 'model', image: imageOf('1.2.0') },
        { name: 'istio-proxy', image: 'proxy:1' },
      ],
    },
  });
  assert.deepEqual(
    seen(deployment(), edited, sidecar)?.copies.map(({ id, ready }) => [id, ready]),
    [
      ['edited', false],
      ['injected', true],
    ],
  );
});

test('a Deployment at rest does not run; one whose last pods are still there does', () => {
  const resting = deployment({ spec: { replicas: 0 } });
  assert.equal(seen(resting), undefined);
  assert.equal(seen(resting, pod('a'))?.wanted, 0);
});

test('copies that are about to be stopped are no place for traffic: of a version put to rest none is ready, though all of its pods are', () => {
  const readyOf = (replicas: number) =>
    seen(deployment({ spec: { replicas } }), pod('a'), pod('b'), pod('c'))?.copies.filter(({ ready }) => ready).length;
  assert.deepEqual([0, 1, 2, 3, 5].map(readyOf), [0, 1, 2, 3, 3]);
});

test('a version is not brought up while its copies of before are being stopped: it would lose them with traffic on them', () => {
  const resting = deployment({ spec: { replicas: 0 } });
  assert.throws(
    () => requireStopped('fraud', seen(resting, pod('a'))),
    (error) => error instanceof ProblemError && error.problem.code === 'target.changed' && error.problem.touched === 'no',
  );
  requireStopped('fraud', seen(resting));
  requireStopped('fraud', seen(deployment({ spec: { replicas: 1 } }), pod('a'), pod('b')));
});

test('a pull that failed once may pass; one that backs off gives the version up, in words', () => {
  assert.equal(seen(deployment(), waiting('a', 'ErrImagePull'))?.failed, null);
  assert.equal(
    seen(deployment(), pod('a'), waiting('b', 'ImagePullBackOff', 0, 'no such manifest'))?.failed,
    'pod b: its image cannot be pulled (ImagePullBackOff: no such manifest)',
  );
});

test('a crash loop of the second copy only is seen; a single mishap is none', () => {
  assert.equal(seen(deployment(), pod('a'), waiting('b', 'CrashLoopBackOff', 1))?.failed, null);
  assert.equal(
    seen(deployment(), pod('a'), waiting('b', 'CrashLoopBackOff', 4))?.failed,
    'pod b: container model exits again and again, 4 restarts, last with exit code 3 (CrashLoopBackOff)',
  );
});

test('a missing ConfigMap or Secret gives the version up', () => {
  const failed = seen(deployment(), waiting('a', 'CreateContainerConfigError', 0, 'secret "key" not found'))?.failed;
  assert.match(failed ?? '', /needs a ConfigMap or Secret .*secret "key" not found/);
});

test('a deadline that has passed says why nothing came up: a quota, no node, a probe', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  const late = (more: readonly object[] = []): Deployment =>
    deployment({ status: { observedGeneration: 1, conditions: [...conditions, ...more] as never } });
  const quota = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: small' };
  assert.equal(seen(late([quota]))?.failed, 'not ready within 300 s: exceeded quota: small');
  const homeless = pod('a', {
    status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }] },
  });
  assert.equal(seen(late(), homeless)?.failed, 'not ready within 300 s: pod a has no node: 0/1 nodes');
  const unready = pod('a', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } });
  assert.match(seen(late(), unready)?.failed ?? '', /readiness probe does not pass/);
});

test('what a Deployment says of an older generation of itself is not believed', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  const old = deployment({ metadata: { generation: 2 }, status: { observedGeneration: 1, conditions } });
  assert.equal(seen(old, waiting('a', 'ContainerCreating'))?.failed, null);
});

test('a pod that is ready is no copy for traffic before those who send requests know of it', () => {
  const one = { deployments: [deployment()], pods: [pod('a'), pod('b')] };
  const slices = [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'x' },
      endpoints: [
        { conditions: { ready: true }, targetRef: { name: 'a' } },
        { conditions: { ready: false }, targetRef: { name: 'b' } },
      ],
    },
  ];
  const ready = (reachable: Told['reachable'], status = deployment().status): readonly boolean[] | undefined =>
    observedVersions({ ...one, deployments: [deployment({ status: status ?? {} })], reachable }, 8080).versions[
      '1.2.0'
    ]?.copies.map((copy) => copy.ready);
  assert.deepEqual(ready(reachablePods(slices)), [true, false]);
  assert.deepEqual(ready(null), [false, false]);
  assert.deepEqual(ready(null, { observedGeneration: 1, readyReplicas: 2 }), [true, true]);
});
