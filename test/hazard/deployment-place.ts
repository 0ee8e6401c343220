import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../real/kubernetes/control-plane.ts';
import { configuration, makeRouted, template } from '../real/kubernetes/served-service.ts';
import { imageOf } from '../target/sample-versions.ts';
import type { KilledPlace } from './killed-service.ts';
import { watchRoute } from './route-watch.ts';
import type { Scenario } from './scenario.ts';

let plane: Promise<ControlPlane> | null = null;

/** Deployments behind a VirtualService on a control plane that all scenarios of this process share. */
export async function deploymentPlace(
  { keeps = '0s', more = '' }: Scenario,
  environment: NodeJS.ProcessEnv,
): Promise<KilledPlace> {
  plane ??= startControlPlane({ pods: true });
  const running = await plane;
  const namespace = await running.namespace();
  await makeRouted(running, namespace, 'istio');
  process.env['KUBECONFIG'] ??= running.kubeconfig();
  return {
    yaml: configuration(namespace, 'istio', { warm: keeps, more }),
    environment: { ...environment, KUBECONFIG: process.env['KUBECONFIG'] },
    begin: async ({ local }) => writeFileSync(join(local.directory, 'deployment.yaml'), template),
    madeOf: (_service, version) => ['--image', imageOf(version)],
    watch: () => watchRoute(running.admin, namespace),
  };
}

/** Nothing of it runs on. */
export async function endControlPlane(): Promise<void> {
  await (await plane)?.[Symbol.asyncDispose]();
  plane = null;
}
