import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPolicy } from '../../src/decide/policy/read-policy.ts';
import { estimates } from '../../src/decide/policy/stages.ts';
import { readCode } from '../fixtures/policy-code.ts';

const specification = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'specification-policy.yaml'), 'utf8');
const versions = { latest: '2.0.0', stable: '1.9.0' };
const read = (text: string, strict = false) => readPolicy(text, versions, strict);
const said = (text: string, strict = false) =>
  read(text, strict).findings.map(({ level, line, what }) => `${line} ${level} ${what}`);
const errors = (text: string) => said(text).filter((line) => / error /.test(line));

const rollout = (canary: string, more = '') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec:\n  strategy:\n    canary:\n${canary.replaceAll(/^/gm, '      ')}\n${more}`;
const template = (metric: string, more = '') => `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: t}
spec:
${more}
  metrics:
    - name: m
${metric.replaceAll(/^/gm, '      ')}
`;
const prometheus = 'provider: {prometheus: {address: "http://localhost:9090", query: up}}';
const analysed = (metric: string, more = '') =>
  rollout('steps:\n  - setWeight: 10\n  - analysis: {templates: [{templateName: t}]}', template(metric, more));

test('the policy of the specification runs as written, with one warning for each of its two slips', () => {
  const { policy, findings } = read(specification);
  assert.equal(policy?.strategy.kind === 'canary' && policy.strategy.finalGate, true);
  assert.equal(policy?.keptAfterAbort, 30_000);
  assert.deepEqual(policy?.strategy.kind === 'canary' ? policy.strategy.steps.map((step) => readCode(step)) : [], [
    'weight 10',
    'pause 300000',
    'analysis success-rate 4 times',
    'weight 50',
    'pause 600000',
    'analysis success-rate 4 times',
    'weight 100',
  ]);
  assert.deepEqual(
    findings.filter(({ level }) => level === 'warning').map(({ line, what }) => `${line} ${what.split(';').at(-1)}`),
    [
      '23  it is honoured here: after the last step the version waits for promote',
      '33  count: 4 is taken, one more than failureLimit',
    ],
  );
});

test('strict refuses both, as Argo does', () => {
  const { policy, findings } = read(specification, true);
  assert.equal(policy, null);
  assert.deepEqual(
    findings.filter(({ level }) => level === 'error').map(({ line }) => line),
    [23, 33],
  );
});

test('an unknown field is named with its line and the nearest that there is', () => {
  assert.match(errors(rollout('stepz: []')).join('\n'), /^7 error canary has no field stepz; did you mean steps\?/m);
  assert.match(errors(analysed(`sucessCondition: result[0] > 1\n${prometheus}`)).join('\n'), /did you mean successCondition\?/);
  assert.match(errors(rollout('steps:\n  - {setWeight: 10, pauze: {}}')).join('\n'), /did you mean pause\?/);
});

test('a field of Argo that is not carried out here says what it would need', () => {
  const all = errors(
    rollout(
      'maxSurge: 1\ntrafficRouting: {istio: {}}\nsteps:\n  - experiment: {}\n  - setHeaderRoute: {name: a}\n  - replicaProgressThreshold: {}',
    ),
  ).join('\n');
  for (const field of ['maxSurge', 'trafficRouting', 'experiment', 'setHeaderRoute', 'replicaProgressThreshold'])
    assert.match(all, new RegExp(`^\\d+ error .*${field}: it `, 'm'));
  assert.match(errors(analysed('provider: {datadog: {query: a}}')).join('\n'), /datadog: its provider is not built in/);
  assert.match(
    errors(analysed(prometheus, '  args: [{name: a, valueFrom: {secretKeyRef: {name: b, key: c}}}]')).join('\n'),
    /valueFrom/,
  );
});

test('every form of pause is read', () => {
  const steps = ['{}', '{duration: 10}', '{duration: "10"}', '{duration: 10s}', '{duration: 5m}', '{duration: 1h}'];
  const { policy } = read(rollout(`steps:\n${steps.map((pause) => `  - pause: ${pause}`).join('\n')}\n  - pause:`));
  assert.deepEqual(
    policy?.strategy.kind === 'canary' ? policy.strategy.steps.map((step) => step.kind === 'pause' && step.for) : [],
    [null, 10_000, 10_000, 10_000, 300_000, 3_600_000, null],
  );
  assert.match(errors(rollout('steps: [{pause: {duration: 5x}}]')).join(), /duration is a number of seconds/);
});

test('arguments go from the rollout over the template into any text, and one without a value is an error', () => {
  const text = rollout(
    'steps:\n  - analysis:\n      templates: [{templateName: t}]\n      args:\n        - {name: n, value: "3"}\n        - {name: v, valueFrom: {podTemplateHashValue: Latest}}',
    template(
      'interval: 1m\ncount: "{{ args.n }}"\nsuccessCondition: result[0] > {{args.least}}\nprovider: {prometheus: {address: "http://p", query: "up{v=\'{{args.v}}\'}"}}',
      '  args: [{name: n}, {name: v}, {name: least, value: "0.9"}]',
    ),
  );
  const { policy, findings } = read(text);
  assert.deepEqual(findings, []);
  const [metric] =
    policy?.strategy.kind === 'canary' && policy.strategy.steps[0]?.kind === 'analysis'
      ? policy.strategy.steps[0].analysis.metrics
      : [];
  assert.deepEqual(
    [metric?.count, metric?.successCondition, metric?.provider.kind === 'prometheus' && metric.provider.query],
    [3, 'result[0] > 0.9', "up{v='2.0.0'}"],
  );
  assert.match(errors(analysed(prometheus, '  args: [{name: n}]')).join(), /args.n was not resolved/);
  assert.match(errors(analysed(`successCondition: "{{args.x}}"\n${prometheus}`)).join(), /failed to resolve {{args.x}}/);
});

test('nested templates are taken in, and one that takes itself in is an error', () => {
  const nested = (inner: string) =>
    `---\napiVersion: argoproj.io/v1alpha1\nkind: ClusterAnalysisTemplate\nmetadata: {name: c}\nspec:\n  templates: [{templateName: ${inner}}]\n  metrics:\n    - {name: other, successCondition: "result[0] > 1", ${prometheus}}\n`;
  const uses = 'steps: [{analysis: {templates: [{templateName: c, clusterScope: true}]}}]';
  const { policy } = read(rollout(uses, nested('t') + template(`successCondition: result[0] > 1\n${prometheus}`)));
  const [step] = policy?.strategy.kind === 'canary' ? policy.strategy.steps : [];
  assert.deepEqual(step?.kind === 'analysis' && step.analysis.metrics.map(({ name }) => name), ['other', 'm']);
  assert.match(errors(rollout(uses, nested('c, clusterScope: true'))).join(), /takes itself in/);
  assert.match(errors(rollout(uses)).join(), /there is no ClusterAnalysisTemplate c/);
});

test('a policy that can never fire, or never pass, is an error', () => {
  const only = (metric: string): string => errors(analysed(`${metric}\n${prometheus}`)).join('\n');
  assert.match(only('successCondition: result[0] >= 0.9 || true'), /can never fail: no value/);
  assert.match(only('successCondition: result[0] > 0.9 && result[0] < 0.5'), /can never pass/);
  assert.match(only('successCondition: result >= 0.9 && result[0] > 1'), /can never be measured: .*result/);
  assert.match(
    only('interval: 1m\ncount: 3\nfailureLimit: 3\nsuccessCondition: result[0] > 0.9'),
    /3 measurements cannot fail more often than/,
  );
  assert.match(only(''), /it has no condition/);
  assert.match(
    errors(analysed(`successCondition: result[0] > 1\n${prometheus}`, '  dryRun: [{metricName: .*}]')).join(),
    /every metric of it is a dry run/,
  );
  assert.deepEqual(errors(analysed(`successCondition: result[0] > 0.9 || isNaN(result[0])\n${prometheus}`)), []);
});

test('our judge is a metric plugin: without conditions, with its own numbers, each refused where it makes no sense', () => {
  const plugin = (fields: string): string => analysed(`provider: {plugin: {sofare/sequential: ${fields}}}`);
  const text = plugin('{alpha: 0.1%, limit: 5%, deadline: 10m, baseline: fresh}');
  assert.deepEqual(errors(text), []);
  const strategy = read(text).policy?.strategy;
  const steps = strategy?.kind === 'canary' ? strategy.steps : [];
  const metrics = steps.flatMap((step) => (step.kind === 'analysis' ? step.analysis.metrics : []));
  assert.deepEqual(metrics[0]?.provider, {
    kind: 'sequential',
    alpha: 0.001,
    tolerate: 1.25,
    limit: 0.05,
    dispersion: null,
    restarts: null,
    detect: 5,
    deadline: 600_000,
    every: 1_000,
    baseline: 'fresh',
  });
  for (const [fields, problem] of [
    ['{alpha: 0}', /alpha of sofare\/sequential is above 0/],
    ['{alpha: 1}', /alpha of sofare\/sequential is above 0/],
    ['{tolerate: 0.5}', /tolerate of sofare\/sequential is at least 1/],
    ['{dispersion: lots}', /dispersion of sofare\/sequential is not a number/],
    ['{alfa: 0.1}', /no field alfa; did you mean alpha/],
    ['{baseline: cold}', /baseline of sofare\/sequential is stable or fresh/],
    ['{deadline: 10}', /deadline of sofare\/sequential is not a duration/],
  ] as const)
    assert.match(errors(plugin(fields)).join(), problem, fields);
  assert.match(errors(analysed('provider: {plugin: {sofare/other: {}}}')).join(), /sofare\/sequential are/);
});

test('no data may be waited for, inconclusive or a failure, said where Argo does not look', () => {
  const text = analysed(`successCondition: result[0] > 1\n${prometheus}`).replace(
    'metadata: {name: t}',
    'metadata: {name: t, annotations: {sofare/on-no-data: wait}}',
  );
  const { policy } = read(text);
  const [, step] = policy?.strategy.kind === 'canary' ? policy.strategy.steps : [];
  assert.equal(step?.kind === 'analysis' && step.analysis.metrics[0]?.onNoData, 'wait');
  assert.match(errors(text.replace(': wait', ': perhaps')).join(), /wait, inconclusive or fail/);
});

test('blue-green has no share at which fresh copies could be compared, and says so', () => {
  const metric = 'provider: {plugin: {sofare/sequential: {baseline: fresh}}}';
  const text = `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec:\n  strategy:\n    blueGreen:\n      activeService: a\n      postPromotionAnalysis: {templates: [{templateName: t}]}\n${template(metric)}`;
  assert.match(errors(text).join(), /baseline: fresh compares at a share of the traffic, and blueGreen has none/);
  assert.deepEqual(errors(text.replace('fresh', 'stable')), []);
});

test('blue-green is read with what stands before and after all traffic', () => {
  const text = `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec:\n  rollbackWindow: {revisions: 3}\n  progressDeadlineSeconds: 60\n  progressDeadlineAbort: true\n  strategy:\n    blueGreen:\n      activeService: a\n      previewService: b\n      previewReplicaCount: 1\n      autoPromotionSeconds: 30\n      abortScaleDownDelaySeconds: 0\n      scaleDownDelaySeconds: 5\n      prePromotionAnalysis: {templates: [{templateName: t}]}\n${template(`successCondition: result[0] > 1\n${prometheus}`)}`;
  const { policy, findings } = read(text);
  assert.deepEqual(
    findings.map(({ level }) => level),
    ['note'],
  );
  assert.deepEqual(
    {
      ...policy,
      strategy: policy?.strategy.kind === 'blueGreen' && { ...policy.strategy, before: policy.strategy.before?.name },
    },
    {
      name: 'r',
      strategy: { kind: 'blueGreen', previewCopies: 1, before: 't', pause: { for: 30_000 }, after: null, keptBefore: 5_000 },
      progressDeadline: 60_000,
      progressDeadlineAbort: true,
      rollbackWindow: 3,
      keptAfterAbort: null,
    },
  );
});

test('a stage is told what it cannot see with its traffic', () => {
  const { policy } = read(specification);
  assert.ok(policy);
  const [first, second] = estimates(policy, 10, 0.01, 0.01);
  assert.deepEqual([first?.requests, second?.requests], [480, 3_900]);
  assert.ok((first?.rise ?? 0) > (second?.rise ?? 0) && (second?.rise ?? 0) > 1.5);
  assert.equal(estimates(policy, 0.001, 0.01, 0.01)[0]?.rise, null);
});

test('YAML that is meant to hurt is refused, soon and with a place', () => {
  const laughs = Array.from(
    { length: 12 },
    (_each, index) =>
      `${'abcdefghijkl'[index]}: &${'abcdefghijkl'[index]} [${Array(10)
        .fill(index === 0 ? 'x' : `*${'abcdefghijkl'[index - 1]}`)
        .join(', ')}]`,
  );
  const bad: readonly (readonly [string, RegExp])[] = [
    [laughs.join('\n'), /more than 20000 parts/],
    ['a: &a [*a]', /deeper than 20/],
    [`${'['.repeat(200)}${']'.repeat(200)}`, /deeper than 20|not YAML/],
    ['kind: Rollout\nkind: Rollout', /unique/i],
    ['spec: !!js/function "1"', /not YAML as Argo reads it/],
    ['a: 1\n\tb: 2', /not YAML as Argo reads it/],
    ['<<: {kind: Rollout}', /has no field <</],
    ['__proto__: {kind: Rollout}', /has no field __proto__/],
    ['constructor: 1', /has no field constructor/],
    ['x'.repeat(1_100_000), /larger than 1 MiB/],
    ['- 1', /is not a map of fields/],
    ['', /there is no Rollout/],
    [rollout('steps: [{setWeight: no}]'), /setWeight of a step is not a whole number/],
    [rollout('steps: [{setWeight: 1e999}]'), /whole number/],
    [rollout('steps: [{setWeight: 0o17}]'), /^$/],
    [rollout('autoPromotionEnabled: no'), /not true or false/],
    [rollout('steps: [{setWeight: 101}]'), /from 0 to 100/],
    [analysed('provider: {web: {url: "file:///etc/passwd"}}'), /no http or https address/],
    [analysed('provider: {prometheus: {address: "http://u:p@h", query: up}}'), /holds a user or password/],
    [analysed('provider: {web: {url: "http://h", headers: [{key: "a\\r\\nb", value: c}]}}'), /a header has a name/],
    [analysed('provider: {web: {url: "http://h", jsonPath: "{..a}"}}'), /jsonPath/],
  ];
  for (const [text, expected] of bad) assert.match(errors(text).join('\n'), expected, text.slice(0, 60));
});

test('whatever is written, the answer is a policy or findings', () => {
  const piece = fc.constantFrom(...specification.split('\n'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 45 }), (lines) => {
      const { policy, findings } = read(lines.join('\n'));
      assert.equal(
        policy === null,
        findings.some(({ level }) => level === 'error'),
      );
    }),
    { numRuns: 400 },
  );
});
