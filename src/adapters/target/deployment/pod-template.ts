import { createHash } from 'node:crypto';

/** What a Deployment makes its pods of, as far as it is looked at; everything else of it is carried along. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly [field: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly Variable[];
  readonly envFrom?: readonly { readonly configMapRef?: Named; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly configMapKeyRef?: Named; readonly [field: string]: unknown };
}

export interface Volume {
  readonly name: string;
  readonly configMap?: Named;
  readonly projected?: { readonly sources?: readonly { readonly configMap?: Named; readonly [field: string]: unknown }[] };
  readonly [field: string]: unknown;
}

/** A reference by name; an optional one may lead nowhere. */
export interface Named {
  readonly name?: string;
  readonly optional?: boolean;
  readonly [field: string]: unknown;
}

/** The ConfigMaps that pods of a template read, each once, in the order of their names. */
export function configMapsOf(template: PodTemplate): readonly { readonly name: string; readonly optional: boolean }[] {
  const found = new Map<string, boolean>();
  const renamed = (reference: Named): Named => {
    if (reference.name !== undefined)
      found.set(reference.name, (found.get(reference.name) ?? true) && reference.optional === true);
    return reference;
  };
  eachConfigMap(template, renamed);
  return [...found].map(([name, optional]) => ({ name, optional })).toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** The same template with its ConfigMaps under other names; one without another name keeps its own. */
export function withConfigMaps(template: PodTemplate, names: ReadonlyMap<string, string>): PodTemplate {
  return eachConfigMap(template, (reference) => {
    const name = reference.name === undefined ? undefined : names.get(reference.name);
    return name === undefined ? reference : { ...reference, name };
  });
}

/** Every place of a pod that can name a ConfigMap: volumes, projected volumes, and the environment of containers. */
function eachConfigMap(template: PodTemplate, change: (reference: Named) => Named): PodTemplate {
  const { spec } = template;
  const { containers, initContainers, volumes } = spec;
  const container = (each: Container): Container => ({
    ...each,
    ...(each.env
      ? {
          env: each.env.map((variable) =>
            variable.valueFrom?.configMapKeyRef
              ? {
                  ...variable,
                  valueFrom: { ...variable.valueFrom, configMapKeyRef: change(variable.valueFrom.configMapKeyRef) },
                }
              : variable,
          ),
        }
      : {}),
    ...(each.envFrom
      ? { envFrom: each.envFrom.map((from) => (from.configMapRef ? { ...from, configMapRef: change(from.configMapRef) } : from)) }
      : {}),
  });
  const volume = (each: Volume): Volume => ({
    ...each,
    ...(each.configMap ? { configMap: change(each.configMap) } : {}),
    ...(each.projected?.sources
      ? {
          projected: {
            ...each.projected,
            sources: each.projected.sources.map((source) =>
              source.configMap ? { ...source, configMap: change(source.configMap) } : source,
            ),
          },
        }
      : {}),
  });
  return {
    ...template,
    spec: {
      ...spec,
      containers: containers.map(container),
      ...(initContainers ? { initContainers: initContainers.map(container) } : {}),
      ...(volumes ? { volumes: volumes.map(volume) } : {}),
    },
  };
}

/** A digest of JSON whose keys are in a fixed order, short enough for a name. */
export function contentDigest(content: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex')
    .slice(0, 10);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
