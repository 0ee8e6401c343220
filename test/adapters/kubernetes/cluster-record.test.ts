import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterRecord } from '../../../src/adapters/record/cluster.ts';
import { serviceRecord } from '../../fixtures/records.ts';
import { answer, standingInApiServer, statusDocument } from './standing-in-api-server.ts';

const { signal } = new AbortController();
const value = serviceRecord({ fence: 2, holder: 'host/boot/1/1' });
const held = (revision: number) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'sofare-fraud', resourceVersion: `10${revision}`, annotations: { 'sofare.dev/fence': '1' } },
  data: { revision: String(revision), record: JSON.stringify(serviceRecord({ fence: 1 })) },
});

test('a record that was just read is written without another look, for the very object that was read', async () => {
  await using server = await standingInApiServer((_, response) => answer(response, 200, held(4)));
  const record = clusterRecord('fraud', server.client);
  const { revision } = await record.read(signal);
  assert.equal(await record.swap(revision, value, signal), true);
  assert.deepEqual(
    server.asked.map(({ method }) => method),
    ['GET', 'PUT'],
  );
  assert.equal(JSON.parse(server.asked[1]?.body ?? '').metadata.resourceVersion, '104');
});

test('where somebody else wrote after that look, the record is looked at again and the swap is lost', async () => {
  let written = false;
  await using server = await standingInApiServer(({ method }, response) => {
    if (method === 'PUT') written = true;
    if (method === 'PUT') answer(response, 409, statusDocument(409, { reason: 'Conflict' }));
    else answer(response, 200, held(written ? 5 : 4));
  });
  const record = clusterRecord('fraud', server.client);
  const { revision } = await record.read(signal);
  assert.equal(await record.swap(revision, value, signal), false);
  assert.deepEqual(
    server.asked.map(({ method }) => method),
    ['GET', 'PUT', 'GET'],
  );
});
