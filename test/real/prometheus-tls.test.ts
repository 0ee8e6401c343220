import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { canaryPolicy } from '../fixtures/canary-policy.ts';
import { type Certificates, makeCertificates } from '../fixtures/certificates.ts';
import { configuration, Local } from '../fixtures/local.ts';

const directory = mkdtempSync(join(tmpdir(), 'sofare-prometheus-tls-'));
const local = new Local({ yaml: configuration(1) });
let certificates: Certificates;
let prometheus: ChildProcess;
let port: number;

/** A port that is free now. */
async function freePort(): Promise<number> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const found = (free.address() as { port: number }).port;
  await new Promise((done) => free.close(done));
  return found;
}

before(async () => {
  certificates = makeCertificates(directory);
  port = await freePort();
  const [own, web] = [join(directory, 'prometheus.yml'), join(directory, 'web.yml')];
  writeFileSync(own, 'scrape_configs: []\n');
  writeFileSync(web, `tls_server_config: { cert_file: ${certificates.certificate}, key_file: ${certificates.key} }\n`);
  const options = [`--config.file=${own}`, `--web.config.file=${web}`, `--storage.tsdb.path=${directory}/data`];
  prometheus = spawn('prometheus', [...options, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  while (!(await listens(port)));
});

after(async () => {
  prometheus?.kill('SIGKILL');
  await local[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function listens(at: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(at, '127.0.0.1', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Deploys a version by what this Prometheus says, asked by this name. */
async function deployed(version: string, host: string, environment: NodeJS.ProcessEnv, insecure = false) {
  const metric = `name: one\nsuccessCondition: result[0] == 1\nprovider:\n  prometheus: { address: "https://${host}:${port}", query: vector(1), timeout: 5, insecure: ${insecure} }`;
  const canary = 'steps:\n  - setWeight: 20\n  - analysis: { templates: [{ templateName: t }] }';
  const annotations = 'annotations: { sofare/on-no-data: inconclusive }';
  writeFileSync(join(local.directory, 'policy.yaml'), canaryPolicy({ canary, metric, annotations }));
  const ended = await local.run(['deploy', version, '--canary', 'policy.yaml', '-y', '-o', 'json'], environment);
  return { ...ended, because: String(JSON.parse(ended.output).operation?.decision?.because) };
}

test('a Prometheus whose certificate nobody here has signed is asked nothing, and the error says what would help', async () => {
  const ended = await deployed('1.1.0', '127.0.0.1', {});
  assert.equal(ended.code, 11, ended.errors);
  assert.match(
    ended.because,
    /Prometheus: its certificate is signed by nobody who is known here \(\w+\); NODE_EXTRA_CA_CERTS names/,
  );
  await local.must(0, 'abort', '-y');
});

test('with the authority named, the same Prometheus is believed', async () => {
  const ended = await deployed('1.1.0', '127.0.0.1', { NODE_EXTRA_CA_CERTS: certificates.authority });
  assert.equal(ended.code, 0, ended.errors);
  assert.equal((await local.service()).pointer, '1.1.0');
});

test('under another name than its certificate has it is refused, and without any look at certificates believed', async () => {
  const ended = await deployed('1.2.0', 'localhost', { NODE_EXTRA_CA_CERTS: certificates.authority });
  assert.equal(ended.code, 11, ended.errors);
  assert.match(ended.because, /Prometheus: its certificate is for another name/);
  await local.must(0, 'abort', '-y');
  assert.equal((await deployed('1.2.0', 'localhost', {}, true)).code, 0);
});
