import fc from 'fast-check';
import type { KubernetesObject } from '../../src/adapters/kit/kubernetes/kubernetes-object.ts';

/** Where the pods of versions are found, by the names of their Services. */
export const versions = new Map([
  ['fraud-1-0-0', '1.0.0'],
  ['fraud-1-1-0', '1.1.0'],
  ['fraud-1-2-0', '1.2.0'],
  ['fraud-1-1-0-fresh', '1.1.0@fresh'],
]);
export const strangers = ['legacy', 'fraud-0-9-0', 'shadow.other.svc.cluster.local'] as const;

const names = [...versions.values()];
const word = fc.string({ minLength: 1, maxLength: 8 });
/** Whatever else people write into their objects. */
const anything = fc.dictionary(
  fc.constantFrom('timeout', 'retries', 'headers', 'match', 'fault'),
  fc.jsonValue({ maxDepth: 2 }),
  {
    noNullPrototype: true,
  },
);

/** Shares of one to three versions, in whole percents or in tenths, that sum to 100. */
export const wanted: fc.Arbitrary<Readonly<Record<string, number>>> = fc
  .tuple(
    fc.shuffledSubarray(names, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(1, 10, 1000),
    fc.array(fc.nat(), { maxLength: 2 }),
  )
  .map(([chosen, unit, cuts]) => {
    const places = cuts.slice(0, chosen.length - 1).map((cut) => cut % (100 * unit + 1));
    const ends = [...places.toSorted((one, other) => one - other), 100 * unit];
    return Object.fromEntries(ends.map((end, index) => [chosen[index] ?? '', (end - (ends[index - 1] ?? 0)) / unit]));
  });

const weight = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
const service = fc.constantFrom(...versions.keys(), ...strangers);

function object(apiVersion: string, kind: string, spec: fc.Arbitrary<unknown>): fc.Arbitrary<KubernetesObject> {
  const annotations = fc.option(
    fc
      .tuple(fc.nat(5), fc.dictionary(word, word, { noNullPrototype: true, maxKeys: 2 }), fc.boolean())
      .map(([fence, more, marked]) =>
        marked ? { ...more, 'fraud.sofare.dev/fence': String(fence), 'fraud.sofare.dev/key': 'op-1/2' } : more,
      ),
    { nil: undefined },
  );
  return fc.record({ uid: fc.uuid(), annotations, labels: anything, spec, status: anything }).map(
    ({ uid, annotations: written, labels, spec: wantedSpec, status }): KubernetesObject => ({
      apiVersion,
      kind,
      metadata: {
        name: 'fraud',
        uid,
        resourceVersion: '7',
        labels: labels as Record<string, string>,
        ...(written === undefined ? {} : { annotations: written }),
      },
      spec: JSON.parse(JSON.stringify(wantedSpec)) as unknown,
      status,
    }),
  );
}

const hosts = fc.constantFrom('', '.serving', '.serving.svc', '.serving.svc.cluster.local');

const httpDestination = fc
  .record({ name: service, suffix: hosts, port: fc.constantFrom(undefined, { number: 80 }), weight, more: anything })
  .map(({ name, suffix, port, weight: part, more }) => ({
    destination: { host: name.includes('.') ? name : `${name}${suffix}`, ...(port === undefined ? {} : { port }) },
    ...(part === undefined ? {} : { weight: part }),
    ...('headers' in more ? { headers: more['headers'] } : {}),
  }));

export const virtualService = object(
  'networking.istio.io/v1',
  'VirtualService',
  fc.record({
    hosts: fc.array(word, { maxLength: 3 }),
    http: fc.array(
      fc.record(
        { name: word, more: anything, route: fc.array(httpDestination, { minLength: 1, maxLength: 5 }) },
        { requiredKeys: ['route'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    tcp: fc.jsonValue({ maxDepth: 2 }),
  }),
);

const backendRef = fc
  .record({ name: service, namespace: fc.constantFrom(undefined, 'serving', 'other'), weight, more: anything })
  .map(({ name, namespace, weight: part, more }) => ({
    name,
    port: 8080,
    ...(namespace === undefined ? {} : { namespace }),
    ...(part === undefined ? {} : { weight: part }),
    ...('headers' in more ? { filters: [more['headers']] } : {}),
  }));

export const httpRoute = object(
  'gateway.networking.k8s.io/v1',
  'HTTPRoute',
  fc.record({
    hostnames: fc.array(word, { maxLength: 3 }),
    rules: fc.array(
      fc.record(
        {
          name: word,
          matches: fc.array(anything, { maxLength: 2 }),
          backendRefs: fc.array(backendRef, { minLength: 1, maxLength: 5 }),
        },
        { requiredKeys: ['backendRefs'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

/** Every leaf of a document, as a path. */
export function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, inside]) => leavesOf(inside, [...path, key]));
}

/** The document with another value at one place. */
export function edited<Document>(document: Document, path: readonly string[]): Document {
  const copy = structuredClone(document);
  const last = path.at(-1) ?? '';
  const within = path
    .slice(0, -1)
    .reduce((inside, part) => inside[part] as Record<string, unknown>, copy as Record<string, unknown>);
  within[last] = within[last] === 'edited' ? 'edited again' : 'edited';
  return copy;
}
