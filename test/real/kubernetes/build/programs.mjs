import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../../../scripts/places.mjs';

/** What a control plane is made of, by the name that its file has in `KUBEBUILDER_ASSETS`: the folder here that pins it, and its package. */
export const programs = {
  'etcd': { pinned: 'control-plane', package: 'go.etcd.io/etcd/server/v3' },
  'kube-apiserver': { pinned: 'control-plane', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-controller-manager': { pinned: 'control-plane', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  'kube-scheduler': { pinned: 'control-plane', package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  'kwok': { pinned: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  'rollouts-controller': { pinned: 'argo-rollouts', package: 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller' },
};

/** Where everything is kept that this folder makes: a second set-up finds it there. */
export const kept = join(cacheFolder(process.env), 'kubernetes');

/**
 * The version of a program, as the go.mod that pins it has it.
 * @returns {string}
 */
export function versionOf(name) {
  const { pinned, package: path } = programs[name];
  const required = readFileSync(join(import.meta.dirname, pinned, 'go.mod'), 'utf8').matchAll(/^(?:require )?\s*(\S+) (v\S+)$/gm);
  return [...required].find(([, module]) => path === module || path.startsWith(`${module}/`))[2];
}

/** The file that a build of this program makes. */
export function builtProgram(name) {
  return join(kept, `${name}-${versionOf(name)}`);
}

/** The file to run: the one in `KUBEBUILDER_ASSETS` where that folder has it, else the one that was built. */
export function programFile(name) {
  const given = process.env.KUBEBUILDER_ASSETS;
  const own = given ? join(given, name) : '';
  return own !== '' && existsSync(own) ? own : builtProgram(name);
}
