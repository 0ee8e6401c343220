import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './api.ts';
import { lastingPort } from './lasting-port.ts';
import type { Programs } from './programs.ts';

/** The certificate that an API server made for itself, and its key: another server on this machine may show it too. */
export interface ServingCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface ApiServer {
  /** As somebody who may do everything. */
  readonly admin: Api;
  readonly serving: ServingCertificate;
}

/** Starts etcd and an API server on it that asks RBAC; ready when RBAC's own roles are there. */
export async function startApiServer(programs: Programs, durable: boolean): Promise<ApiServer> {
  const etcd = programs.start('etcd', etcdWords(durable));
  const file = (name: string, text: string): string => {
    writeFileSync(join(programs.folder, name), text, { mode: 0o600 });
    return name;
  };
  const token = randomBytes(24).toString('hex');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = file('service-account.key', privateKey.export({ type: 'sec1', format: 'pem' }).toString());
  const tokens = file('tokens.csv', `${token},admin,admin,"system:masters"\n`);
  await etcd.said(/ready to serve client requests/);
  const port = await lastingPort();
  const server = programs.start('kube-apiserver', serverWords({ folder: programs.folder, port, key, tokens }));
  await server.said(/Serving securely on/);
  const certificate = readFileSync(join(programs.folder, 'certificates/apiserver.crt'), 'utf8');
  const admin = new Api({ address: `https://127.0.0.1:${port}`, authority: certificate, token });
  // The last of the objects that an API server makes for itself before it calls itself ready.
  const last = /^system:controller:bootstrap-signer$/;
  await admin.until('/apis/rbac.authorization.k8s.io/v1/namespaces/kube-public/rolebindings', ({ metadata }) =>
    last.test(metadata.name),
  );
  return { admin, serving: { certificate, key: readFileSync(join(programs.folder, 'certificates/apiserver.key'), 'utf8') } };
}

/** It listens on sockets in its folder, so it takes no port; what it would tell other members of a cluster is asked for and never used. */
function etcdWords(durable: boolean): readonly string[] {
  return [
    '--data-dir=etcd',
    '--listen-client-urls=unix://etcd-clients',
    '--listen-peer-urls=unix://etcd-peers',
    '--advertise-client-urls=http://127.0.0.1:1',
    // No test cuts the power, and a disk that is busy with other tests would set the pace.
    ...(durable ? [] : ['--unsafe-no-fsync']),
  ];
}

interface Given {
  readonly folder: string;
  readonly port: number;
  readonly key: string;
  readonly tokens: string;
}

function serverWords({ folder, port, key, tokens }: Given): readonly string[] {
  return [
    `--etcd-servers=unix://${folder}/etcd-clients`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--cert-dir=certificates',
    '--authorization-mode=RBAC',
    `--token-auth-file=${tokens}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-cluster-ip-range=10.0.0.0/16',
    // Pods would wait for an account in their namespace, and no pod here uses one.
    '--disable-admission-plugins=ServiceAccount',
    // The service `kubernetes` may not lead to a loopback address.
    '--endpoint-reconciler-type=none',
    '--profiling=false',
  ];
}
