import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeAnswer } from '../../src/ports/probe.ts';
import { findIdentity, type IdentityFound, identityRequests } from '../../src/verify/identity.ts';
import { fakeService } from '../fixtures/fake-engine.ts';

const version = '1.2.0';

/** Two copies that call themselves what `copies` says, behind a path that answers as `answer` says. */
function found(
  answer: ProbeAnswer,
  copies: readonly (string | null)[] = [version, version],
  share = 100,
  besides: readonly string[] = [],
): Promise<IdentityFound> {
  const { serving } = fakeService;
  assert.ok(serving);
  return findIdentity(
    {
      version,
      bundleDigest: 'digest',
      serving,
      target: {
        fence: 1,
        versions: {
          [version]: {
            version,
            bundleDigest: 'digest',
            wanted: copies.length,
            failed: null,
            copies: copies.map((identity, copy) => ({ id: `${copy}`, ready: true, address: null, identity, restarts: 0 })),
          },
        },
      },
      traffic: { fence: 1, weights: { [version]: share }, address: 'http://traffic', besides },
    },
    { get: async () => answer },
    new AbortController().signal,
  );
}

const says = (named: string, status = 200): ProbeAnswer => ({
  answered: true,
  status,
  took: 1,
  body: JSON.stringify({ versions: [named] }),
});

test('answered: every copy and every request through the path names the version', async () => {
  assert.deepEqual(await found(says(version)), { grade: 'answered', copies: 2, requests: identityRequests, short: null });
});

test('an endpoint that names another version is at most declared, whatever the copies say of themselves', async () => {
  const { grade, short } = await found(says('9.9.9'));
  assert.equal(grade, 'declared');
  assert.match(short ?? '', /9\.9\.9/);
});

test('an endpoint that answers with an error, or not at all, names nothing', async () => {
  assert.equal((await found(says(version, 500))).grade, 'declared');
  assert.equal((await found({ answered: false, why: 'refused' })).grade, 'declared');
});

test('routed: one copy that was not heard, or calls itself something else, is named', async () => {
  for (const other of [null, '9.9.9']) {
    const { grade, short } = await found(says(version), [version, other]);
    assert.equal(grade, 'routed');
    assert.match(short ?? '', /copy 1/);
  }
});

test('none: without a ready copy, or with less than all traffic, there is nothing to confirm', async () => {
  assert.equal((await found(says(version), [])).grade, 'none');
  assert.equal((await found(says(version), [version], 90)).grade, 'none');
});

test('while something of the traffic path does not follow yet nothing is confirmed, though the weights are as they should be', async () => {
  const late = 'the endpoints of Service fraud still hold fraud-1-1-0-a';
  const { grade, short } = await found(says(version), [version], 100, [late]);
  assert.deepEqual([grade, short], ['none', late]);
});
