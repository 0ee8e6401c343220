import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemProcesses } from '../../src/adapters/system/processes.ts';
import { bootIdentity, startOf } from '../../src/host/process-identity.ts';
import { resumptions } from '../../src/host/supervise-operations.ts';
import type { ServiceRecord } from '../../src/model/service-record.ts';
import { recordedOperation, serviceRecord } from '../fixtures/records.ts';
import { send } from './fixtures/send.ts';
import { service, TestHost, until } from './fixtures/test-host.ts';

const resume = join(import.meta.dirname, 'fixtures', 'resume.mjs');

function supervised(directory: string): readonly string[] {
  return [
    '--resume-command',
    JSON.stringify([process.execPath, resume, join(directory, 'called')]),
    '--configuration',
    'sofare.yaml',
  ];
}

function called(host: TestHost): readonly string[] {
  const file = join(host.directory, 'called');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function startSupervised(): Promise<TestHost> {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-host-'));
  return TestHost.startIn(directory, ...supervised(directory));
}

async function write(host: TestHost, record: Partial<ServiceRecord>): Promise<void> {
  const { revision } = await host.client.record(service, AbortSignal.timeout(10_000));
  await host.client.swapRecord(service, { revision, value: serviceRecord(record) }, AbortSignal.timeout(10_000));
}

test('an operation whose owner dies is resumed; one whose owner lives, or lives elsewhere, is not', async () => {
  await using host = await startSupervised();
  assert.equal((await host.client.hello(AbortSignal.timeout(10_000))).supervised, true);
  await write(host, { operation: recordedOperation(`elsewhere/${bootIdentity()}/1/1`) });
  const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await write(host, {
    operation: recordedOperation(`${hostname().replaceAll('/', '_')}/${bootIdentity()}/${owner.pid}/${startOf(owner.pid ?? 0)}`),
  });
  // A task that is due is the sign that the record with the living owner was looked at.
  await write(host, { operation: recordedOperation(systemProcesses().self()), nextTaskAt: 1 });
  await until('the task was started', () => (called(host).length > 0 ? true : undefined));
  assert.deepEqual(called(host), ['resume --due --no-input -q -c sofare.yaml by supervisor, supervised']);
  await write(host, {
    operation: recordedOperation(`${hostname().replaceAll('/', '_')}/${bootIdentity()}/${owner.pid}/${startOf(owner.pid ?? 0)}`),
  });
  owner.kill('SIGKILL');
  await until('it was resumed', () => (called(host).length > 1 ? true : undefined));
  assert.equal(called(host)[1], 'resume --due --no-input -q -c sofare.yaml by supervisor, supervised');
  // The one process did not carry it on, so it is not in the journal there: it is taken up by its name.
  await until('it was resumed by its name', () => (called(host).length > 2 ? true : undefined));
  assert.equal(called(host)[2], 'resume op-1 --no-input -q -c sofare.yaml by supervisor, supervised');
  await write(host, {});
});

test('an unsupervised host resumes nothing and says so', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-host-'));
  await using host = await TestHost.startIn(directory, ...supervised(directory), '--unsupervised');
  assert.equal((await host.client.hello(AbortSignal.timeout(10_000))).supervised, false);
  await write(host, {
    fence: 0,
    operation: recordedOperation(`${hostname().replaceAll('/', '_')}/${bootIdentity()}/1/none`),
    nextTaskAt: 1,
  });
  const address = await host.full([host.version('1.0.0')]);
  // Counts are written each second, as often as a supervisor looks: after two of them it would have looked.
  for (let requests = 1; requests <= 2; requests += 1) {
    await send(`${address}/v2/models/m/infer`);
    await until('the counts are written', () =>
      readIfThere(join(directory, 'counters.json')).includes(`"requests":${requests}`) ? true : undefined,
    );
  }
  assert.deepEqual(called(host), []);
});

test('what is carried on is what the record says: an owner that is gone, a task whose time has come', () => {
  const record = serviceRecord({ operation: recordedOperation('owner'), nextTaskAt: 10 });
  const words = (each: ServiceRecord | null, now: number, gone: boolean): readonly string[] =>
    resumptions('s', each, now, () => gone).map(({ what }) => what);
  assert.deepEqual(words(null, 10, true), []);
  assert.deepEqual(words(record, 9, false), []);
  assert.deepEqual(words(record, 9, true), ['operation op-1']);
  assert.deepEqual(words(record, 10, true), ['operation op-1', 'tasks of s']);
  assert.deepEqual(words({ ...record, operation: recordedOperation(null) }, 9, true), []);
});

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
