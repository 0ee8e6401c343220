import { ProblemError } from '../../model/errors.ts';
import type { ClusterServing } from '../../model/service.ts';
import type { Owner } from '../../ports/owner.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import type { JsonPatchOperation, KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import { type ObjectKind, objectKinds } from '../kit/kubernetes/object-kinds.ts';
import { type Cause, causesOf } from '../kit/kubernetes/writers.ts';
import { pausePatch, releasePatch } from './pause-patch.ts';

/** How long a rollback waits for GitOps controllers to be told. */
const quietWithin = 2_000;
/** An application may be made by another one, and that by a third. */
const mostAbove = 3;
const tries = 3;

/** Argo CD and Flux, told by the objects that they write for: an Application's automated sync, a Kustomization or HelmRelease itself. */
export function gitopsOwner(
  service: string,
  traffic: ClusterServing['traffic'],
  cluster: ClusterClient,
  clientIn: (namespace: string) => Promise<ClusterClient>,
): Owner {
  const { kind, name } = sharedObject(traffic);
  const causes = async (signal: AbortSignal): Promise<readonly Found[]> => {
    const object = await cluster.get(kind, name, signal);
    return object ? above(object, clientIn, signal) : [];
  };
  return {
    quiet: (signal) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(quietWithin)]);
      return said('GitOps could not be paused', async () => {
        const found = await causes(limit);
        // What makes the others is paused first: else it would make them go on.
        return eachSaid(found.toReversed(), (each) => pause(each, service, limit));
      });
    },
    release: (signal) =>
      said('GitOps could not be let go on', async () =>
        eachSaid(await causes(signal), (each) => change(each, (object) => releasePatch(object, service), 'goes on', signal)),
      ),
  };
}

/** What a controller writes for, and the client of its namespace. */
interface Found {
  readonly cause: Cause;
  readonly client: ClusterClient;
  readonly object: KubernetesObject;
}

/** For what the object is written, and for what that is written in turn. */
async function above(
  object: KubernetesObject,
  clientIn: (namespace: string) => Promise<ClusterClient>,
  signal: AbortSignal,
  depth = 1,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const cause of causesOf(object)) {
    const client = await clientIn(cause.namespace);
    const at = await client.get(cause.kind, cause.name, signal);
    if (!at) continue;
    found.push({ cause, client, object: at });
    if (depth < mostAbove) found.push(...(await above(at, clientIn, signal, depth + 1)));
  }
  return found;
}

async function pause(found: Found, service: string, signal: AbortSignal): Promise<string | null> {
  const maker = found.object.metadata.ownerReferences?.find(({ kind }) => kind === 'ApplicationSet');
  if (maker) return `${found.cause.called} is not paused: ApplicationSet ${maker.name}, which makes it, would undo that`;
  return change(found, (object) => pausePatch(object, service), 'is paused', signal);
}

/** Patches it as long as somebody else is at it too. */
async function change(
  { cause, client, object }: Found,
  patch: (object: KubernetesObject) => readonly JsonPatchOperation[] | null,
  done: string,
  signal: AbortSignal,
): Promise<string | null> {
  let seen: KubernetesObject | null = object;
  for (let attempt = 1; seen && attempt <= tries; attempt += 1) {
    const operations = patch(seen);
    if (operations === null) return null;
    if ((await client.patch(cause.kind, cause.name, operations, signal)) !== 'changed') return `${cause.called} ${done}`;
    seen = await client.get(cause.kind, cause.name, signal);
  }
  return `${cause.called} is left as it is: somebody else keeps changing it`;
}

async function eachSaid(found: readonly Found[], work: (each: Found) => Promise<string | null>): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const each of found) {
    const [sentence] = await said(`${each.cause.called} is left as it is`, async () => {
      const done = await work(each);
      return done === null ? [] : [done];
    });
    if (sentence !== undefined) sentences.push(sentence);
  }
  return sentences;
}

async function said(what: string, work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof ProblemError ? error.problem.why : 'no answer in time';
    return [`${what}: ${why}`];
  }
}

function sharedObject(traffic: ClusterServing['traffic']): { readonly kind: ObjectKind; readonly name: string } {
  switch (traffic.kind) {
    case 'istio':
      return { kind: objectKinds.virtualService, name: traffic.virtualService };
    case 'gateway-api':
      return { kind: objectKinds.httpRoute, name: traffic.route };
    case 'service-selector':
      return { kind: objectKinds.service, name: traffic.service };
  }
}
