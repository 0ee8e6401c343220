// npm run cluster [-- --argo]: a real Kubernetes control plane of your own, until Ctrl-C. With --argo the Argo Rollouts controller runs too.
import { parseArgs } from 'node:util';
import { startControlPlane } from '../test/real/kubernetes/control-plane.ts';
import { everyCustomResource } from '../test/real/kubernetes/custom-resources.ts';
import { parts } from '../test/real/parts.mjs';

const { argo: argoRollouts } = parseArgs({ options: { argo: { type: 'boolean', default: false } } }).values;
for (const name of ['a Kubernetes control plane', ...(argoRollouts ? ['the Argo Rollouts controller'] : [])]) {
  const reason = parts[name].missing();
  if (reason === null) continue;
  process.stderr.write(`${reason}\nnpm run setup:real builds it\n`);
  process.exit(1);
}
const begun = performance.now();
const plane = await startControlPlane({ pods: true, customResources: everyCustomResource, argoRollouts });
const took = ((performance.now() - begun) / 1_000).toFixed(1);
process.stderr.write(`ready in ${took} s at ${plane.admin.access.address}; logs in ${plane.folder}; Ctrl-C ends it\n`);
process.stdout.write(`export KUBECONFIG=${plane.kubeconfig()}\n`);
// Whatever ends this process ends all of them and takes their folder away.
await Promise.race(plane.programs.map(({ ended }) => ended));
