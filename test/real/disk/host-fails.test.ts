import { test } from 'node:test';
import { everyHostWriteFails, everyWriteOfUpFails } from '../../fixtures/disk/host-sweep.ts';

test('a host whose disk fails at any one write goes on serving, or ends and is back with what it had acknowledged', async (context) => {
  const { calls, restarts, requests, lost } = await everyHostWriteFails({ error: 'EIO', lasts: 'once', calls: 'wsn' }, 1);
  context.diagnostic(`${calls} calls, ${restarts} restarts of the host, ${requests} requests, ${lost} lost in those`);
});

test('a host whose disk is full from any write on goes on serving, and changes once there is space', async (context) => {
  const { calls, restarts, requests, lost } = await everyHostWriteFails({ error: 'ENOSPC', lasts: 'stays', calls: 'wn' }, 3);
  context.diagnostic(`${calls} calls, ${restarts} restarts of the host, ${requests} requests, ${lost} lost in those`);
});

for (const [how, fault] of [
  ['fails at any one write', { error: 'EIO', lasts: 'once', calls: 'wsn' }],
  ['is full from any write on', { error: 'ENOSPC', lasts: 'stays', calls: 'wn' }],
] as const) {
  test(`a host that is started on a disk that ${how} serves what it remembers, or says why not and serves it the next time`, async (context) => {
    context.diagnostic(`${await everyWriteOfUpFails(fault)} calls`);
  });
}
