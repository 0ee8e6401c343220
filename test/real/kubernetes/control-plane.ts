import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Access, Api } from './api.ts';
import { type ServingCertificate, startApiServer } from './api-server.ts';
import { startArgoRollouts } from './argo-rollouts.ts';
import { startControllers } from './controllers.ts';
import { type CustomResources, createCustomResources } from './custom-resources.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import type { Program } from './program.ts';
import { Programs } from './programs.ts';

/** A Kubernetes control plane of this process's own, with everything that a cluster has except containers. It ends with the process. */
export interface ControlPlane extends AsyncDisposable {
  /** As somebody who may do everything. */
  readonly admin: Api;
  readonly serving: ServingCertificate;
  /** Of the folder that goes with it: logs (NAME.log) and kubeconfigs. */
  readonly folder: string;
  readonly programs: readonly Program[];
  /** Makes a namespace for one test. */
  namespace(name?: string): Promise<string>;
  /** Writes a kubeconfig and says where: by default for the admin and the namespace `default`. */
  kubeconfig(access?: Access, namespace?: string): string;
}

export interface Wanted {
  /** Whether Deployments get pods that become ready: needs about twice the memory and time. */
  readonly pods: boolean;
  /** Left out: Istio's and Gateway API's. They are most of what an API server needs to get ready; all of them take it 7 s of processor. */
  readonly customResources?: readonly CustomResources[];
  /** Whether the Argo Rollouts controller runs too. */
  readonly argoRollouts?: boolean;
  /** Whether what is written is on the disk when it is answered, as on a cluster that people use: where time is measured. */
  readonly durable?: boolean;
}

/** Starts one. One for a test file is enough: each test takes a namespace of its own. */
export async function startControlPlane(wanted: Wanted): Promise<ControlPlane> {
  const programs = new Programs();
  try {
    return await started(programs, wanted);
  } catch (error) {
    await programs[Symbol.asyncDispose]();
    throw error;
  }
}

const routing = ['istio', 'gateway-api'] as const;

async function started(programs: Programs, wanted: Wanted): Promise<ControlPlane> {
  const { pods, customResources = routing, argoRollouts = false, durable = false } = wanted;
  const { admin, serving } = await startApiServer(programs, durable);
  const kubeconfig = (access = admin.access, namespace = 'default'): string =>
    writeKubeconfig(join(programs.folder, `kubeconfig-${randomBytes(4).toString('hex')}`), access, namespace);
  await Promise.all([
    pods ? startControllers(admin, kubeconfig(), programs) : null,
    createCustomResources(admin, customResources),
  ]);
  if (argoRollouts) await startArgoRollouts(kubeconfig(), programs);
  return {
    admin,
    serving,
    folder: programs.folder,
    programs: programs.running,
    namespace: async (name = `test-${randomBytes(4).toString('hex')}`) => {
      await admin.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      return name;
    },
    kubeconfig,
    [Symbol.asyncDispose]: async () => {
      admin.close();
      await programs[Symbol.asyncDispose]();
    },
  };
}
