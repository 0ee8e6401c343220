import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { marks } from '../../../src/adapters/kit/kubernetes/fence.ts';
import { versionLabel, versionObjectName } from '../../../src/adapters/kit/kubernetes/version-names.ts';
import { podTemplate, versionDeployment, versionService } from '../../../src/adapters/target/deployment/manifest.ts';
import { configMapsOf, withConfigMaps } from '../../../src/adapters/target/deployment/pod-template.ts';
import { configMapCopy } from '../../../src/adapters/target/deployment/configuration-copies.ts';
import { readTemplate } from '../../../src/adapters/target/deployment/read-template.ts';
import { replicasToWrite, scaledBy } from '../../../src/adapters/target/deployment/replicas.ts';
import { tooMany } from '../../../src/adapters/target/deployment/rest.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import type { DeploymentTarget } from '../../../src/model/service.ts';
import { imageOf, sampleVersion } from '../sample-versions.ts';
import { deployment } from './sample-objects.ts';

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: fraud, labels: { app: fraud } }
spec:
  replicas: 7
  minReadySeconds: 3
  selector: { matchLabels: { app: fraud } }
  template:
    metadata: { labels: { app: fraud } }
    spec:
      initContainers:
        - { name: first, image: busybox, envFrom: [{ configMapRef: { name: limits } }] }
      containers:
        - name: model
          image: replaced
          env:
            - { name: THRESHOLD, value: "0.5" }
            - { name: LEVEL, valueFrom: { configMapKeyRef: { name: logging, key: level } } }
            - { name: TOKEN, valueFrom: { secretKeyRef: { name: token, key: token } } }
        - { name: beside, image: "beside:1" }
      volumes:
        - { name: a, configMap: { name: rules } }
        - { name: b, projected: { sources: [{ configMap: { name: rules } }, { configMap: { name: perhaps, optional: true } }] } }
`;

function target(text: string, changes: Partial<DeploymentTarget> = {}): DeploymentTarget {
  const template = join(mkdtempSync(join(tmpdir(), 'sofare-template-')), 'deployment.yaml');
  writeFileSync(template, text);
  return { kind: 'deployment', template, container: null, port: 8080, copies: 2, readyWithin: 90_500, ...changes };
}

const version = sampleVersion('1.2.0', { image: imageOf('1.2.0'), environment: { THRESHOLD: '0.7', MODE: 'fast' } });
const write = { service: 'fraud', version, name: '1.2.0', key: 'op1/wake/0', fence: 6 };

function built(given = target(manifest)) {
  const template = readTemplate(given);
  const pods = podTemplate(template, given, write);
  return versionDeployment(template, given, write, { pods, replicas: 2, resourceVersion: '99' });
}

// biome-ignore lint/suspicious/noExplicitAny: what is built is read as the server would.
type Read = { readonly metadata: any; readonly spec: any };

test('a version is the template with its image, its environment, its name and its labels', () => {
  const { metadata, spec } = built() as never as Read;
  assert.equal(metadata.name, 'fraud-1-2-0');
  assert.equal(metadata.resourceVersion, '99');
  assert.deepEqual(metadata.labels, { app: 'fraud', [marks.service]: 'fraud', [marks.version]: '1.2.0' });
  assert.equal(metadata.annotations[marks.fence], '6');
  assert.equal(metadata.annotations['kubernetes.io/change-cause'], 'sofare: 1.2.0 by operation op1');
  assert.deepEqual([spec.replicas, spec.minReadySeconds, spec.progressDeadlineSeconds], [2, 3, 91]);
  const [model, beside] = spec.template.spec.containers;
  assert.equal(model.image, version.bundle.image);
  assert.deepEqual(
    model.env.map(({ name, value }: { name: string; value?: string }) => [name, value]),
    [
      ['LEVEL', undefined],
      ['TOKEN', undefined],
      ['THRESHOLD', '0.7'],
      ['MODE', 'fast'],
    ],
  );
  assert.equal(beside.image, 'beside:1');
});

test('two versions of one template never share pods: the selector is by version alone, the labels of the template stay on the pods', () => {
  const { spec } = built() as never as Read;
  assert.deepEqual(spec.selector.matchLabels, { [marks.service]: 'fraud', [marks.version]: '1.2.0' });
  assert.equal(spec.template.metadata.labels.app, 'fraud');
});

test('without a number of copies theirs stays who scales it', () => {
  const given = target(manifest);
  const template = readTemplate(given);
  const pods = podTemplate(template, given, write);
  const { spec } = versionDeployment(template, given, write, { pods, replicas: null, resourceVersion: null });
  assert.equal(Object.hasOwn(spec as object, 'replicas'), false);
});

test('the Service of a version goes when its Deployment goes', () => {
  const service = versionService({ ...built(), metadata: { name: 'fraud-1-2-0', uid: 'u1' } }, target(manifest), write);
  assert.deepEqual(service.metadata.ownerReferences, [
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fraud-1-2-0', uid: 'u1' },
  ]);
  assert.deepEqual((service['spec'] as { selector: unknown }).selector, { [marks.service]: 'fraud', [marks.version]: '1.2.0' });
});

test('every place of a pod that reads a ConfigMap is found and led to its copy; Secrets are left alone', () => {
  const { pods } = readTemplate(target(manifest));
  assert.deepEqual(configMapsOf(pods), [
    { name: 'limits', optional: false },
    { name: 'logging', optional: false },
    { name: 'perhaps', optional: true },
    { name: 'rules', optional: false },
  ]);
  const names = new Map(['limits', 'logging', 'rules'].map((name) => [name, `${name}-copy`]));
  const copied = withConfigMaps(pods, names);
  assert.deepEqual(
    configMapsOf(copied).map(({ name }) => name),
    ['limits-copy', 'logging-copy', 'perhaps', 'rules-copy'],
  );
  assert.match(JSON.stringify(copied), /"secretKeyRef":\{"name":"token"/);
});

test('a copy of a ConfigMap is named after what it holds, whatever the order of its keys, and cannot be changed', () => {
  const original = (data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'rules' }, data });
  const one = configMapCopy(original({ a: '1', b: '2' }), 'fraud');
  assert.equal(one.metadata.name, configMapCopy(original({ b: '2', a: '1' }), 'fraud').metadata.name);
  assert.notEqual(one.metadata.name, configMapCopy(original({ a: '1', b: '3' }), 'fraud').metadata.name);
  assert.equal(one['immutable'], true);
  assert.equal(one.metadata.annotations?.[marks.copyOf], 'rules');
});

test('no two versions have one name: what is long, odd or looks alike ends with a digest', () => {
  assert.equal(versionObjectName('fraud', '1.2.0@fresh'), 'fraud-1-2-0-fresh');
  const names = ['1.2.0-rc.1', '1.2.0-rc-1', '1.2.0-RC.1', '1.2.0-fresh', '1.2.0@fresh', `1.2.0-${'long'.repeat(30)}`];
  const objects = names.map((name) => versionObjectName('fraud', name));
  assert.equal(new Set(objects).size, names.length);
  for (const name of objects) assert.match(name, /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/);
  const labels = [...names, '1.0.0+build.5'].map(versionLabel);
  assert.equal(new Set(labels).size, names.length + 1);
  for (const label of labels) assert.match(label, /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])$/);
});

test('a template that is none is refused with its file and what is wrong', () => {
  const refused = (text: string, changes: Partial<DeploymentTarget>, what: RegExp): void =>
    assert.throws(
      () => readTemplate(target(text, changes)),
      (error) => error instanceof ProblemError && error.problem.code === 'config.invalid' && what.test(error.problem.what),
    );
  refused(manifest.replace('kind: Deployment', 'kind: StatefulSet'), {}, /deployment\.yaml: kind is "StatefulSet"/);
  refused(manifest, { container: 'nobody' }, /has no container nobody/);
  refused(manifest.replace('name: fraud,', `name: ${'f'.repeat(60)},`), {}, /metadata\.name/);
  refused('a: [', {}, /deployment\.yaml/);
  refused(manifest, { template: '/nowhere/deployment.yaml' }, /cannot be read/);
});

test('who scales a version keeps its number of copies, as long as it is enough', () => {
  const scaled = (replicas: number) =>
    deployment({
      spec: { replicas },
      metadata: {
        managedFields: [
          { manager: 'sofare', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:template': {} } } },
          { manager: 'kube-controller-manager', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
        ],
      },
    });
  assert.equal(scaledBy(scaled(5)), 'kube-controller-manager');
  assert.equal(replicasToWrite(scaled(5), 3), null);
  assert.equal(replicasToWrite(scaled(0), 3), 3);
  assert.equal(replicasToWrite(deployment(), 3), 3);
  assert.equal(replicasToWrite(null, 3), 3);
});

test('of versions at rest the ten latest are remembered', () => {
  const resting = Array.from({ length: 12 }, (_, index) =>
    deployment({
      spec: { replicas: 0 },
      metadata: { name: `v${index}`, annotations: { [marks.restedAt]: `2026-01-${String(index + 10)}T00:00:00Z` } },
    }),
  );
  const running = deployment({ metadata: { name: 'runs', annotations: { [marks.restedAt]: '2025-01-01T00:00:00Z' } } });
  assert.deepEqual(
    tooMany([running, ...resting.toReversed()]).map(({ metadata }) => metadata.name),
    ['v0', 'v1'],
  );
});
