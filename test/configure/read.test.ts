import assert from 'node:assert/strict';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findConfiguration } from '../../src/configure/find.ts';
import { proposal } from '../../src/configure/propose.ts';
import { readConfiguration } from '../../src/configure/read.ts';
import { readDuration, readRate } from '../../src/configure/units.ts';
import { type Problem, ProblemError } from '../../src/model/errors.ts';

const service = `version: 1
services:
  fraud:
    model: fraud
    target:  { kind: process, command: [node, server.mjs] }
    traffic: { kind: proxy, listen: "127.0.0.1:8080" }
`;

const read = (text: string, environment: Record<string, string> = {}) =>
  readConfiguration({ text, file: '/srv/sofare.yaml', found: 'by -c', environment });

function refusal(text: string, environment: Record<string, string> = {}): Problem {
  try {
    read(text, environment);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('it was not refused');
}

const more = (lines: string): string => `${service}${lines}`;

test('what is left out has its default', () => {
  const { services, state, notify } = read(service);
  assert.equal(state, '/srv/.sofare');
  assert.equal(notify, null);
  const { serving, guard, bake, keep, act } = services['fraud'] ?? {};
  assert.deepEqual(
    [guard, bake, keep, act],
    [
      {
        alpha: 0.01,
        tolerate: 1.25,
        limit: null,
        dispersion: null,
        restarts: null,
        baseline: 'stable',
        deadline: 1_800_000,
        onUndecided: 'pause',
      },
      { for: 900_000, requests: 1000 },
      { knownGood: 3, warm: 3_600_000 },
      'propose',
    ],
  );
  assert.deepEqual(serving?.target, {
    kind: 'process',
    command: ['node', 'server.mjs'],
    copies: 1,
    directory: '/srv',
    environment: {},
    readiness: { http: '/v2/health/ready' },
    readyWithin: 60_000,
    stopWithin: 10_000,
    warmup: { requests: 200, golden: null },
  });
});

const signals = (written: string): string => more(`    signals: { ${written} }\n`);
const asked = 'address: "http://prometheus:9090"';

test('signals from a Prometheus: those of the local host where none is named, else the ones that are', () => {
  const own = read(signals(`prometheus: { ${asked} }`)).services['fraud']?.serving?.signals;
  assert.deepEqual([own?.latency, own?.prometheus?.service, own?.prometheus?.every], [true, 'fraud', 15_000]);
  assert.equal(own?.prometheus?.counters.errors, 'sofare_request_errors_total');
  const named = read(
    signals(
      `prometheus: { ${asked}, service: fraud-v2, requests: http_requests_total, errors: 'http_requests_total{code=~"5.."}' }`,
    ),
  ).services['fraud']?.serving?.signals;
  assert.deepEqual(named?.prometheus?.counters, { requests: 'http_requests_total', errors: 'http_requests_total{code=~"5.."}' });
  assert.deepEqual([named?.latency, named?.prometheus?.service], [false, 'fraud-v2']);
});

test('a secret of a header is filled in by whoever asks: no other command needs it, and none can print it', () => {
  const header = '{ key: Authorization, value: "Bearer ${TOKEN}" }';
  const { serving } =
    read(signals(`prometheus: { ${asked}, headers: [${header}] }`), { TOKEN: 'tok-en-5b' }).services['fraud'] ?? {};
  assert.deepEqual(serving?.signals.prometheus?.headers, [{ key: 'Authorization', value: 'Bearer ${TOKEN}' }]);
  assert.ok(read(signals(`prometheus: { ${asked}, headers: [${header}] }`)));
});

const refusals: readonly (readonly [name: string, text: string, what: RegExp, why: RegExp])[] = [
  [
    'an unknown key',
    more('    bakes: { for: 1m }\n'),
    /sofare\.yaml:7:5: unknown key services\.fraud\.bakes/,
    /did you mean bake\?/,
  ],
  ['an unknown key at the top', `${service}servces: {}\n`, /sofare\.yaml:7:1: unknown key servces/, /did you mean services\?/],
  [
    'an unknown kind of target',
    service.replace('kind: process', 'kind: kubernetes'),
    /:5:16: services\.fraud\.target\.kind is "kubernetes"/,
    /one of: process/,
  ],
  ['an unknown kind of traffic', service.replace('kind: proxy', 'kind: nginx'), /traffic\.kind is "nginx"/, /one of: proxy/],
  ['a missing key', service.replace('    model: fraud\n', ''), /services\.fraud\.model is missing/, /has no default/],
  ['a wrong type', more('    bake: { for: 15 }\n'), /:7:13: services\.fraud\.bake\.for is 15/, /a duration/],
  ['a duration that is none', more('    bake: { for: soon }\n'), /bake\.for is "soon"/, /250ms, 15m or 7d/],
  ['a rate over 1', more('    guard: { alpha: 5 }\n'), /guard\.alpha is 5/, /a rate/],
  ['the country Norway', more('    act: no\n'), /services\.fraud\.act is "no"/, /one of: observe, propose, rollback/],
  [
    'a Prometheus beside the proxy',
    signals(`errors: { proxy: errors }, prometheus: { ${asked} }`),
    /:7:5: services\.fraud\.signals is /,
    /prometheus alone, or errors and latency by proxy/,
  ],
  [
    'a Prometheus with a user in its address',
    signals('prometheus: { address: "http://ana:secret@prometheus:9090" }'),
    /signals\.prometheus\.address is "http:\/\/\*{5}@prometheus:9090"/,
    /without a user in it/,
  ],
  [
    'a rate where a counter is wanted',
    signals(`prometheus: { ${asked}, requests: "rate(http_requests_total[1m])", errors: e }`),
    /signals\.prometheus\.requests is "rate\(/,
    /by itself: rates and sums are made of it here/,
  ],
  [
    'a histogram in an unknown unit',
    signals(`prometheus: { ${asked}, requests: r, errors: e, latency: latency_bucket }`),
    /signals\.prometheus\.latency is "latency_bucket"/,
    /in seconds or milliseconds by its name/,
  ],
  [
    'requests without errors',
    signals(`prometheus: { ${asked}, requests: http_requests_total }`),
    /signals\.prometheus is /,
    /requests and errors together/,
  ],
  [
    'an unknown label',
    signals(`prometheus: { ${asked}, labels: { versions: v } }`),
    /unknown key services\.fraud\.signals\.prometheus\.labels\.versions/,
    /did you mean version\?/,
  ],
  [
    'looks closer than a second',
    signals(`prometheus: { ${asked}, every: 100ms }`),
    /signals\.prometheus\.every is /,
    /at least 1s/,
  ],
  ['a tab', 'version: 1\nservices:\n\tfraud: {}\n', /sofare\.yaml:3:1: .*[Tt]ab/, /not YAML as sofare reads it/],
  ['a key twice', `${service}version: 1\n`, /sofare\.yaml:7:1: .*[Mm]ap keys must be unique/, /not YAML/],
  ['two documents', `${service}---\nversion: 1\n`, /multiple documents/, /not YAML/],
  ['an alias', 'version: 1\nservices: { a: &a { model: m }, b: *a }\n', /aliases are not used/, /gigabytes/],
  ['a merge key', `${service}<<: { version: 1 }\n`, /unknown key <</, /no such key/],
  [
    'a name that begins with a dash',
    service.replace('  fraud:', '  -fraud:'),
    /"-fraud" is no name for a service/,
    /beginning with a letter or digit/,
  ],
  ['a name that could be a path', service.replace('  fraud:', '  a..b:'), /"a\.\.b" is no name for a service/, /lower-case/],
  ['a prototype', service.replace('  fraud:', '  __proto__:'), /sofare\.yaml:3:3: unknown key __proto__/, /no such key/],
  ['nothing', '', /it holds no keys/, /version: 1/],
  ['a file beyond measure', `${service}#${'x'.repeat(2_000_000)}\n`, /larger than 1 MiB/, /written by people/],
  ['a bomb of depth', `version: ${'['.repeat(500)}${']'.repeat(500)}\n`, /too large or too deep/, /deep/],
];

for (const [name, text, what, why] of refusals) {
  test(`${name} is refused where it stands`, () => {
    const problem = refusal(text);
    assert.match(problem.what, what);
    assert.match(problem.why, why);
    assert.equal(problem.touched, 'no');
    assert.notEqual(problem.next, '');
  });
}

test('a variable is taken from the environment; one that is not set is named, and no value of another is said', () => {
  const text = service.replace('"127.0.0.1:8080"', '"127.0.0.1:${FRAUD_PORT}"');
  const traffic = read(text, { FRAUD_PORT: '9000' }).services['fraud']?.serving?.traffic;
  assert.equal(traffic?.kind === 'proxy' && traffic.listen, '127.0.0.1:9000');
  const { what, why, next } = refusal(text, { OTHER: 'hunter2' });
  assert.match(what, /\$\{FRAUD_PORT\} is not set/);
  assert.doesNotMatch(`${what}${why}${next}`, /hunter2/);
});

test('durations and rates are read as people write them', () => {
  assert.deepEqual(
    ['250ms', '15m', '1h', '7d', '1.5s', '90 s'].map(readDuration),
    [250, 900_000, 3_600_000, 604_800_000, 1_500, 90_000],
  );
  assert.deepEqual(['', '5', 'm', '-1s', '1w', '1s1'].map(readDuration), [null, null, null, null, null, null]);
  assert.deepEqual(['1%', 0.01, '0.5', '100%', '101%', 'x'].map(readRate), [0.01, 0.01, 0.5, 1, null, null]);
});

test('what init writes is read as it stands, whatever the folder is called', () => {
  for (const directory of ['Fraud Scorer', '...', '-x', 'ünï', 'a..b', '9']) {
    for (const server of ['server.mjs', 'app.py', null])
      assert.equal(Object.keys(read(proposal({ directory, server })).services).length, 1, directory);
  }
});

test("the file is found by -c, then by SOFARE_HOME, then upward; another user's is refused", () => {
  const top = mkdtempSync(join(tmpdir(), 'sofare-find-'));
  const below = join(top, 'a', 'b');
  const home = join(top, 'home');
  mkdirSync(below, { recursive: true });
  mkdirSync(home);
  for (const folder of [top, home]) writeFileSync(join(folder, 'sofare.yaml'), service);
  const search = { explicit: null, directory: below, environment: {}, user: process.getuid?.() ?? null };
  assert.deepEqual(
    [findConfiguration(search)?.file, findConfiguration(search)?.found],
    [join(top, 'sofare.yaml'), 'above the working directory'],
  );
  const byHome = findConfiguration({ ...search, environment: { SOFARE_HOME: home } });
  assert.deepEqual([byHome?.file, byHome?.found], [join(home, 'sofare.yaml'), 'by SOFARE_HOME']);
  assert.equal(
    findConfiguration({ ...search, explicit: '../../home/sofare.yaml', environment: { SOFARE_HOME: '/nowhere' } })?.found,
    'by -c',
  );
  assert.throws(() => findConfiguration({ ...search, explicit: 'none.yaml' }), /config\.missing/);
  assert.throws(() => findConfiguration({ ...search, environment: { SOFARE_HOME: below } }), /config\.missing/);
  // Root may give a file away; anybody else is shown the same by asking as another user. Root's own files are trusted by all.
  if (process.getuid?.() === 0) chownSync(join(top, 'sofare.yaml'), 12345, 12345);
  assert.throws(() => findConfiguration({ ...search, user: 54321 }), /config\.foreign-owner/);
});

test('schema.json is what the reader goes by', async () => {
  const { schemaText } = (await import('../../scripts/schema.mjs')) as { schemaText: () => string };
  assert.equal(readFileSync(join(import.meta.dirname, '..', '..', 'schema.json'), 'utf8'), schemaText());
});
