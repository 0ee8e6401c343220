import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfiguration } from '../../src/configure/read.ts';
import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { Service } from '../../src/model/service.ts';

const written = (service: string): string => `version: 1\nservices:\n  fraud:\n${service.replaceAll(/^/gm, '    ')}`;
const usual = `model: fraud
target: { kind: deployment, template: deployment.yaml, port: 8080, copies: 3 }
traffic: { kind: istio, virtualService: fraud }
`;

function read(text: string): Service {
  const { services } = readConfiguration({ text, file: '/srv/sofare.yaml', found: 'by the test', environment: {} });
  return services['fraud'] ?? assert.fail('no service fraud');
}

function refusal(service: string): Problem {
  try {
    read(written(service));
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  return assert.fail('it was not refused');
}

test('a service in a cluster: what is left out is the current context, its namespace, every route that leads to a version', () => {
  const { serving } = read(written(usual));
  assert.ok(serving?.cluster);
  assert.deepEqual(serving.cluster, { context: null, namespace: null });
  assert.deepEqual(serving.target, {
    kind: 'deployment',
    template: '/srv/deployment.yaml',
    container: null,
    port: 8080,
    copies: 3,
    readyWithin: 300_000,
  });
  assert.deepEqual(serving.traffic, {
    kind: 'istio',
    virtualService: 'fraud',
    routes: null,
    destinationRule: null,
    address: null,
  });
  assert.deepEqual([serving.least, serving.health], ['declared', { ready: true, within: 250 }]);
});

test('where an address is known the endpoint itself is asked', () => {
  const { serving } = read(
    written(
      `${usual.replace('virtualService: fraud', 'virtualService: fraud, address: "https://fraud.test"')}identity: { http: /v2/models/fraud, json: "versions[0]" }\nhealth: { http: /healthz }\n`,
    ),
  );
  assert.deepEqual([serving?.least, serving?.health], ['routed', { http: '/healthz', within: 250 }]);
});

test('each kind of traffic of a cluster is read', () => {
  const kinds = [
    [
      '{ kind: gateway-api, route: fraud, routes: [primary] }',
      { kind: 'gateway-api', route: 'fraud', routes: ['primary'], address: null },
    ],
    ['{ kind: service-selector, service: fraud }', { kind: 'service-selector', service: 'fraud', address: null }],
  ] as const;
  for (const [text, traffic] of kinds)
    assert.deepEqual(read(written(usual.replace(/^traffic: .*$/m, `traffic: ${text}`))).serving?.traffic, traffic);
});

test('what does not go together, or could never be reached, is refused where it stands', () => {
  const proxied = usual.replace(/^traffic: .*$/m, 'traffic: { kind: proxy, listen: "127.0.0.1:8080" }');
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    [proxied, /sofare\.yaml:6:\d+: deployment and proxy do not go together/, /istio, gateway-api or service-selector/],
    [
      proxied.replace(/^target: .*$/m, 'target: { kind: process, command: [x] }\ncluster: {}'),
      /process and cluster/,
      /no cluster/,
    ],
    [usual.replace(', port: 8080', ''), /target\.port is missing/, /./],
    [usual.replace('copies:', 'copys:'), /unknown key services\.fraud\.target\.copys/, /did you mean copies/],
    [`${usual}health: { http: /healthz }\n`, /cannot be asked|can be asked/, /traffic\.address/],
    [`${usual}identity: { http: /v, json: v, least: routed }\n`, /routed cannot be reached/, /traffic\.address/],
    [`${usual}identity: { http: /v, json: v, least: answered }\n`, /answered cannot be reached/, /one by one/],
    [`${usual}signals: { errors: { proxy: errors } }\n`, /no proxy of sofare counts/, /prometheus/],
    [`${usual}signals: { prometheus: { address: "http://p:9090" } }\n`, /requests and errors are missing/, /local host/],
    [`${usual}labels: { answer: a }\n`, /labels are not joined/, /local host/],
  ];
  for (const [text, what, why] of cases) {
    const problem = refusal(text);
    assert.equal(problem.code, 'config.invalid');
    assert.match(problem.what, what);
    assert.match(problem.why, why);
  }
});

test('a service is named as its objects can be', () => {
  const text = written(usual).replace('  fraud:', '  fraud_2:');
  assert.throws(
    () => read(text),
    (error) => error instanceof ProblemError && /no name for a service in a cluster/.test(error.problem.what),
  );
});

test('on this machine nothing says that a copy is ready but the model itself', () => {
  const local = `model: fraud
target: { kind: process, command: [x] }
traffic: { kind: proxy, listen: "127.0.0.1:8080" }
health: { ready: true }
`;
  assert.match(refusal(local).what, /ready is what a cluster says/);
});
