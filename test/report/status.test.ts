import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../src/model/observation.ts';
import { laneText, laneView } from '../../src/report/lane.ts';
import { differencesOf } from '../../src/report/reality.ts';
import { type StatusInput, statusView } from '../../src/report/status.ts';
import { start } from './sample-operations.ts';
import {
  deployInterrupted,
  downInput,
  emptyInput,
  interruptedInput,
  operation,
  situation,
  statusInput,
} from './sample-service.ts';
import { serviceRecord } from '../fixtures/records.ts';

function seen(changes: Partial<Observation>): StatusInput {
  return { ...statusInput, situation: { ...situation, observation: { ...situation.observation, ...changes } } };
}

const traffic = { fence: 7, weights: { '1.2.0': 100 }, address: 'http://127.0.0.1:8080' };

test('an interrupted operation is named with the step it stopped in and the command that goes on', () => {
  const lane = laneView(deployInterrupted, 'gone');
  assert.equal(laneText(lane, start), 'operation q81mva (deploy 1.2.0 → 1.3.0, by ana, 2m ago) stopped during route');
  assert.equal(lane.next, 'sofare resume q81mva');
  assert.equal(statusView(interruptedInput).next, 'sofare resume q81mva');
});

test('where no lease says whether another machine’s process lives, it is said what pushes its operation aside', () => {
  const unseen = laneView(deployInterrupted, 'unseen');
  assert.equal(unseen.standing, 'runs');
  assert.match(unseen.how, new RegExp(`on another machine.*if it is dead: sofare rollback ${deployInterrupted.service}$`));
  const back = laneView({ ...deployInterrupted, kind: 'rollback' }, 'unseen');
  assert.match(back.how, new RegExp(`sofare rollback ${deployInterrupted.service} --emergency$`));
  assert.doesNotMatch(laneView(deployInterrupted, 'elsewhere').how, /dead/);
});

test('an operation whose owner lives, here or elsewhere, is not called interrupted', () => {
  assert.deepEqual(
    [laneView(deployInterrupted, 'alive').standing, laneView(deployInterrupted, 'elsewhere').standing],
    ['runs', 'runs'],
  );
});

test('an open, a paused and a stuck operation each say what to do next', () => {
  const problem = {
    code: 'guard.undecided' as const,
    what: 'undecided',
    why: 'too few requests',
    touched: 'yes' as const,
    next: '',
  };
  const views = [operation({ state: 'open' }), operation({ state: 'open', problem }), operation({ state: 'stuck', problem })].map(
    (each) => laneView(each, 'gone'),
  );
  assert.deepEqual(
    views.map(({ standing, next }) => [standing, next]),
    [
      ['open', 'sofare promote fraud-scorer'],
      ['paused', 'sofare resume 7f3kxz'],
      ['stuck', 'sofare resume 7f3kxz'],
    ],
  );
});

test('registry and reality are compared: traffic, digest, identity and fence', () => {
  assert.deepEqual(differencesOf(situation), []);
  const differing: readonly [Partial<Observation>, RegExp][] = [
    [{ traffic }, /the registry points to 1\.3\.0, the traffic is 1\.2\.0 100%/],
    [{ traffic: { ...traffic, weights: {} } }, /the traffic is no traffic/],
    [
      {
        target: {
          fence: 7,
          versions: { '1.3.0': { version: '1.3.0', bundleDigest: 'sha256:other', wanted: 1, copies: [], failed: null } },
        },
      },
      /has the digest sha256:other/,
    ],
    [
      {
        target: {
          fence: 7,
          versions: {
            '1.3.0': {
              version: '1.3.0',
              bundleDigest: situation.versions.get('1.3.0')?.bundleDigest ?? '',
              wanted: 1,
              copies: [{ id: 'c1', ready: true, address: null, identity: '9.9.9', restarts: 0 }],
              failed: null,
            },
          },
        },
      },
      /\(c1\) answers as 9\.9\.9/,
    ],
    [{ record: { revision: 1, value: serviceRecord({ fence: 99 }) } }, /fence 99, the database 7/],
  ];
  for (const [changes, told] of differing) {
    const differences = differencesOf(seen(changes).situation);
    assert.equal(differences.length, 1);
    assert.match(differences[0] ?? '', told);
    assert.equal(statusView(seen(changes)).differences.length, 1);
  }
});

test('while an operation has the lane its split is no difference', () => {
  assert.deepEqual(differencesOf(interruptedInput.situation), []);
});

test('what needs a person is said before what only takes time', () => {
  const versions = situation.observation.target?.versions ?? {};
  const crashed = Object.fromEntries(
    Object.entries(versions).map(([name, each]) => [name, { ...each, copies: [], failed: 'crash loop' }]),
  );
  const down = seen({ target: { fence: 7, versions: crashed } });
  const cases: readonly [StatusInput, string][] = [
    [statusInput, 'serving'],
    [downInput, 'unseen'],
    [emptyInput, 'empty'],
    [interruptedInput, 'interrupted'],
    [down, 'down'],
    [seen({ traffic }), 'differs'],
    [{ ...interruptedInput, owner: 'alive' }, 'degraded'],
  ];
  assert.deepEqual(
    cases.map(([input]) => statusView(input).condition),
    cases.map(([, condition]) => condition),
  );
  assert.equal(statusView(down).next, 'sofare rollback fraud-scorer');
  assert.equal(statusView(downInput).next, 'sofare up');
});

test('a port that cannot be listened on is a difference that is shown', () => {
  const hosted = statusInput.hosted && { ...statusInput.hosted, listenProblem: 'EADDRINUSE 127.0.0.1:8080' };
  assert.deepEqual(statusView({ ...statusInput, hosted }).differences, [
    'nothing listens for clients: EADDRINUSE 127.0.0.1:8080',
  ]);
});

test('where there is no way back the status says why', () => {
  const view = statusView({ ...statusInput, choice: { kind: 'none', why: 'nothing else ever held 100 %' } });
  assert.deepEqual(view.back, { version: null, why: 'nothing else ever held 100 %' });
  assert.equal(view.next, null);
});
