import type { Programs } from './programs.ts';

/** Starts the Argo Rollouts controller; ready when it works on Rollouts. */
export async function startArgoRollouts(kubeconfig: string, programs: Programs): Promise<void> {
  const ports = ['--metricsport=0', '--healthzPort=0'];
  const program = programs.start('rollouts-controller', [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', ...ports]);
  await program.said(/Started controller/);
}
