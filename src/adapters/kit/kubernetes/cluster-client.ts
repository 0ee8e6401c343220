import { fail } from '../../../model/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import { answerProblem, isAdmission, statusOf } from './answer-problem.ts';
import { type ClusterAnswer, type ClusterPlace, type ClusterRequest, connectCluster } from './connection.ts';
import type { JsonPatchOperation, KubernetesObject } from './kubernetes-object.ts';
import { kindOf, type ObjectKind, pathOf } from './object-kinds.ts';
import { requestBudget } from './request-budget.ts';
import { watchChanges } from './watch-changes.ts';

/**
 * Objects of one namespace. Every call is within a budget of requests, waits as long as the server asks for, and fails with a problem;
 * a write whose answer was lost fails with outcome.unknown: what came of it is read.
 */
export interface ClusterClient {
  readonly namespace: string;
  /** Null: there is none. */
  get(kind: ObjectKind, name: string, signal: AbortSignal): Promise<KubernetesObject | null>;
  /** `labels`: a label selector. */
  list(kind: ObjectKind, labels: string, signal: AbortSignal): Promise<ObjectList>;
  /** Server-side apply as `sofare`. Without force what another manager holds is a foreign change; with it that becomes ours. */
  apply(object: KubernetesObject, signal: AbortSignal, force?: 'force'): Promise<KubernetesObject>;
  /** 'changed': a `test` failed, and nothing was written. */
  patch(
    kind: ObjectKind,
    name: string,
    operations: readonly JsonPatchOperation[],
    signal: AbortSignal,
  ): Promise<KubernetesObject | 'changed'>;
  /** 'changed': it has another resourceVersion, or is gone. */
  replace(object: KubernetesObject, signal: AbortSignal): Promise<KubernetesObject | 'changed'>;
  create(object: KubernetesObject, signal: AbortSignal): Promise<KubernetesObject | 'exists'>;
  /** Only the very object with this uid, with all that it owns. Gone already: no error. */
  remove(kind: ObjectKind, name: string, uid: string, signal: AbortSignal): Promise<void>;
  /** Resolves when an object may have changed since `from`, or after `atMost` milliseconds. A hint. */
  changes(kind: ObjectKind, labels: string, from: string, atMost: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface ObjectList {
  readonly items: readonly KubernetesObject[];
  /** From where changes can be watched. */
  readonly resourceVersion: string;
}

/** What a client allows itself in the long run, and after a pause. */
export const requestsPerSecond = 50;
export const requestsAtOnce = 100;
const answerWithin = 15_000;
/** How often a server that asks to be left alone for a while is asked again. */
const attempts = 5;
const listedAtOnce = 500;

export function clusterClient(place: ClusterPlace, clock: Clock): ClusterClient {
  const connection = connectCluster(place);
  const { namespace } = connection;
  const budget = requestBudget(requestsPerSecond, requestsAtOnce, clock);
  const send = async (request: ClusterRequest, signal: AbortSignal): Promise<ClusterAnswer> => {
    for (let attempt = 1; ; attempt += 1) {
      await budget(signal);
      const answer = await connection.send(request, answerWithin, signal);
      const again = (answer.status === 429 || answer.status === 503) && answer.retryAfter !== null && attempt < attempts;
      if (!again) return answer;
      await clock.wait(answer.retryAfter, signal);
    }
  };
  const refuse = (answer: ClusterAnswer, what: string, writes: boolean): never =>
    fail(answerProblem(answer, { what, namespace, writes }));
  const write = async <Otherwise extends string>(
    request: ClusterRequest,
    what: string,
    otherwise: (answer: ClusterAnswer) => Otherwise | null,
    signal: AbortSignal,
  ): Promise<KubernetesObject | Otherwise> => {
    const answer = await send(request, signal);
    return succeeded(answer) ? parsed(answer) : (otherwise(answer) ?? refuse(answer, what, true));
  };
  const of = (object: KubernetesObject, named: boolean): string =>
    pathOf(kindOf(object) ?? unknownKind(object), namespace, named ? object.metadata.name : null);
  return {
    namespace,
    get: async (kind, name, signal) => {
      const answer = await send({ method: 'GET', path: pathOf(kind, namespace, name) }, signal);
      if (succeeded(answer)) return parsed(answer);
      // Without a kind in its answer the server does not know such objects at all.
      const none = answer.status === 404 && statusOf(answer)?.details?.kind === kind.plural;
      return none ? null : refuse(answer, `read ${kind.kind} ${name}`, false);
    },
    list: async (kind, labels, signal) => {
      const items: KubernetesObject[] = [];
      for (let from = ''; ; ) {
        const query = new URLSearchParams({
          labelSelector: labels,
          limit: String(listedAtOnce),
          ...(from ? { continue: from } : {}),
        });
        const answer = await send({ method: 'GET', path: `${pathOf(kind, namespace, null)}?${query}` }, signal);
        if (!succeeded(answer)) return refuse(answer, `list ${kind.plural}`, false);
        const page = JSON.parse(answer.body) as ListAnswer;
        items.push(...page.items.map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind })));
        from = page.metadata.continue ?? '';
        if (from === '') return { items, resourceVersion: page.metadata.resourceVersion };
      }
    },
    apply: (object, signal, force) =>
      write<never>(
        {
          method: 'PATCH',
          path: `${of(object, true)}?fieldManager=sofare&force=${force !== undefined}`,
          contentType: 'application/apply-patch+yaml',
          body: JSON.stringify(object),
        },
        `write ${nameOf(object)}`,
        () => null,
        signal,
      ),
    patch: (kind, name, operations, signal) =>
      write(
        {
          method: 'PATCH',
          path: `${pathOf(kind, namespace, name)}?fieldManager=sofare`,
          contentType: 'application/json-patch+json',
          body: asServerWrites(operations),
        },
        `change ${kind.kind} ${name}`,
        (answer) => (answer.status === 409 || testFailed(answer) ? 'changed' : null),
        signal,
      ),
    replace: (object, signal) =>
      write(
        { method: 'PUT', path: `${of(object, true)}?fieldManager=sofare`, body: JSON.stringify(object) },
        `replace ${nameOf(object)}`,
        (answer) => (answer.status === 409 || answer.status === 404 ? 'changed' : null),
        signal,
      ),
    create: (object, signal) =>
      write(
        { method: 'POST', path: `${of(object, false)}?fieldManager=sofare`, body: JSON.stringify(object) },
        `create ${nameOf(object)}`,
        (answer) => (statusOf(answer)?.reason === 'AlreadyExists' ? 'exists' : null),
        signal,
      ),
    remove: async (kind, name, uid, signal) => {
      const body = JSON.stringify({ propagationPolicy: 'Background', preconditions: { uid } });
      const answer = await send({ method: 'DELETE', path: pathOf(kind, namespace, name), body }, signal);
      // A conflict: another object has the name now, and the one that was meant is gone.
      if (!succeeded(answer) && answer.status !== 404 && answer.status !== 409)
        refuse(answer, `remove ${kind.kind} ${name}`, true);
    },
    changes: (kind, labels, from, atMost, signal) => {
      const timeoutSeconds = String(Math.max(1, Math.ceil(atMost / 1000)));
      const query = new URLSearchParams({ watch: '1', allowWatchBookmarks: 'true', labelSelector: labels, timeoutSeconds });
      return watchChanges(connection, `${pathOf(kind, namespace, null)}?${query}`, from, { atMost, clock, signal });
    },
    close: () => connection.close(),
  };
}

interface ListAnswer {
  readonly items: readonly KubernetesObject[];
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

function succeeded({ status }: ClusterAnswer): boolean {
  return status >= 200 && status < 300;
}

function parsed({ body }: ClusterAnswer): KubernetesObject {
  return JSON.parse(body) as KubernetesObject;
}

/** A `test` that failed is a 422 without a cause; an object that became invalid, or was refused by a webhook, says what is wrong with it. */
function testFailed(answer: ClusterAnswer): boolean {
  const status = statusOf(answer);
  return answer.status === 422 && !status?.details?.causes?.length && !isAdmission(status);
}

/** A `test` compares texts as they are written, and an API server writes these characters by their numbers. */
function asServerWrites(operations: readonly JsonPatchOperation[]): string {
  return JSON.stringify(operations).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

function unknownKind({ apiVersion, kind }: KubernetesObject): never {
  throw new Error(`nothing here writes objects of ${apiVersion} ${kind}`);
}
