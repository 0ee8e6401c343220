import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { definitionFile, definitionSources } from './kubernetes/build/definitions.mjs';
import { programFile, versionOf } from './kubernetes/build/programs.mjs';

/**
 * The parts that tiers of `npm run test:real` need, by name. `missing` tries the part once and says in a sentence why it cannot be
 * used, or null; `install` is what `npm run setup:real` runs as root, or null where nothing that can be installed would help.
 */
export const parts = {
  'an older Node': {
    missing: () => (olderNode() === null ? 'no Node 20 to 23 is on the path, so a hand-over to Node 24 cannot be shown' : null),
    install: null,
  },
  'another user': {
    missing: () =>
      trial(
        'setpriv',
        ['--reuid=65534', '--regid=65534', '--clear-groups', 'true'],
        'only root can run a program as another user',
      ),
    install: null,
  },
  'another host name': {
    missing: () => trial('unshare', ['--uts', 'hostname', 'another'], 'a process cannot be given a host name of its own here'),
    install: null,
  },
  'mount': {
    missing: () =>
      trial('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt'], 'a tmpfs cannot be mounted here'),
    install: null,
  },
  'a terminal': {
    missing: () => trial('script', ['-qec', 'true', '/dev/null'], 'a terminal cannot be made here'),
    install: null,
  },
  'PostgreSQL': {
    missing: () => noPostgres() ?? (process.getuid() === 0 ? parts['another user'].missing() : null),
    install: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'postgresql-15'],
    ],
  },
  'Prometheus': {
    missing: () => trial('prometheus', ['--version'], 'no prometheus is on this machine'),
    install: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'prometheus'],
    ],
  },
  'a gRPC server': {
    missing: () => trial('/usr/bin/python3', ['-c', 'import grpc'], 'no library for a gRPC server is installed'),
    install: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'python3-grpcio'],
    ],
  },
  'openssl': {
    missing: () => trial('openssl', ['version'], 'no certificate can be made here'),
    install: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'openssl'],
    ],
  },
  'a C compiler': {
    missing: () => trial('cc', ['--version'], 'the library that makes a disk fail cannot be compiled'),
    install: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'gcc', 'libc6-dev'],
    ],
  },
  'faketime': {
    missing: () => (faketimeLibrary() === null ? 'libfaketime is not installed, so no clock can be moved' : null),
    install: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'faketime'],
    ],
  },
  'strace': {
    missing: () => trial('strace', ['-f', '-e', 'trace=fsync', 'true'], 'system calls cannot be traced here'),
    install: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', 'strace'],
    ],
  },
  'a Kubernetes control plane': built(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok']),
  'the Argo Rollouts controller': built(['rollouts-controller']),
};

/** Programs that are built from their sources into the cache (minutes the first time), so only where Go is. */
function built(names) {
  const noGo = spawnSync('go', ['version']).status !== 0;
  return {
    missing: () => {
      const reason = unbuilt(names) ?? trial('setpriv', ['--pdeathsig', 'KILL', 'true'], 'nothing would end with its test here');
      return reason !== null && noGo ? `${reason}, and there is no Go to build it with` : reason;
    },
    install: noGo ? null : [['node', 'test/real/kubernetes/build/build.mjs', ...names]],
  };
}

function unbuilt(names) {
  const absent = names.find((name) => !existsSync(programFile(name)));
  if (absent !== undefined) return `${absent} ${versionOf(absent)} is not built (${programFile(absent)})`;
  if (!definitionSources.every((name) => existsSync(definitionFile(name))))
    return 'the definitions of custom resources were not taken from their modules';
  return (
    names.map((name) => trial(programFile(name), ['--version'], `${name} does not run`)).find((reason) => reason !== null) ?? null
  );
}

function noPostgres() {
  if (globSync('/usr/lib/postgresql/*/bin/postgres').length > 0) return null;
  return trial('sh', ['-c', 'command -v postgres && command -v initdb'], 'no postgres and initdb are on this machine');
}

/** The first Node on the path that is too old to run sofare itself, or null. */
export function olderNode() {
  for (const folder of process.env.PATH.split(':')) {
    const { stdout, status } = spawnSync(`${folder}/node`, ['-p', 'parseInt(process.versions.node)'], { encoding: 'utf8' });
    if (status === 0 && Number(stdout) >= 20 && Number(stdout) < 24) return folder;
  }
  return null;
}

/** What moves the wall clock of a process that loads it first, or null. */
export function faketimeLibrary() {
  return globSync('/usr/lib/**/faketime/libfaketimeMT.so.1')[0] ?? null;
}

function trial(program, words, meaning) {
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (status === 0) return null;
  return `${meaning} (${program}: ${error?.message ?? stderr.trim()})`;
}
