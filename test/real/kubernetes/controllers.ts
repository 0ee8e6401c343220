import { join } from 'node:path';
import type { Api } from './api.ts';
import type { Programs } from './programs.ts';

/** Starts what makes pods of a Deployment, places them and says that they run; ready when the node takes pods. */
export async function startControllers(admin: Api, kubeconfig: string, programs: Programs): Promise<void> {
  const own = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'];
  const stages = join(import.meta.dirname, 'pod-stages.yaml');
  // Without a lease the node turns NotReady after 40 s, and its pods stay unready for good.
  const kubelet = ['--manage-all-nodes', '--node-lease-duration-seconds=40', `--config=${stages}`];
  programs.start('kube-controller-manager', [...own, '--service-account-private-key-file=service-account.key']);
  programs.start('kube-scheduler', own);
  programs.start('kwok', [`--kubeconfig=${kubeconfig}`, ...kubelet]);
  await admin.must('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node', annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  });
  await admin.until('/api/v1/nodes', ({ spec, status }) => {
    const conditions: readonly { type: string; status: string }[] = status?.conditions ?? [];
    return !spec?.taints && conditions.some(({ type, status: held }) => type === 'Ready' && held === 'True');
  });
}
