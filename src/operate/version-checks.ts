import type { Check } from '../decide/checks.ts';
import type { Engine } from '../execute/engine.ts';
import type { ModelVersion } from '../model/version.ts';
import type { Situation } from './situation.ts';

/** Reasons to keep new versions out. */
export function deployChecks(engine: Engine, situation: Situation, version: string): readonly Check[] {
  const { hold } = situation;
  const service = engine.service.name;
  return [
    ...(hold
      ? [
          {
            name: 'hold' as const,
            what: `${service} is held`,
            why: `${hold.reason} (by ${hold.actor})`,
            next: `sofare unhold ${service}`,
          },
        ]
      : []),
    ...quarantineCheck(service, situation, version),
  ];
}

/** Reasons not to serve this very version, wherever it comes from. `whole`: every stored file is in place. */
export function versionChecks(engine: Engine, situation: Situation, version: ModelVersion, whole: boolean): readonly Check[] {
  const name = version.version;
  const service = engine.service.name;
  return [
    ...(whole
      ? []
      : [
          {
            name: 'not-whole' as const,
            what: `${name} cannot be served`,
            ...whyNot(engine, name),
          },
        ]),
    ...(version.status === 'draft'
      ? [
          {
            name: 'draft' as const,
            what: `${name} is a draft`,
            why: 'only a candidate or released version may serve',
            next: `sofare release ${name}`,
          },
        ]
      : []),
    ...(version.status === 'deprecated'
      ? [{ name: 'deprecated' as const, what: `${name} is deprecated`, why: version.reason, next: `sofare list ${service}` }]
      : []),
    ...quarantineCheck(service, situation, name),
  ];
}

function whyNot({ world, service }: Engine, version: string): Pick<Check, 'why' | 'next'> {
  if (!world || world.target.can.files)
    return { why: 'a file of it is missing or damaged in the store', next: `sofare show ${version}` };
  return {
    why: 'it has no image by digest, and pods see no files that are stored here',
    next: `sofare register ${service.name} VERSION --image REPOSITORY@sha256:DIGEST`,
  };
}

export function neverServedCheck(service: string, situation: Situation, version: string): readonly Check[] {
  if (situation.tenures.some((tenure) => tenure.version === version && tenure.fullSince !== null)) return [];
  return [
    {
      name: 'never-served',
      what: `${version} never held 100 % of ${service}`,
      why: 'a rollback goes back; a version that never served is deployed',
      next: `sofare deploy ${service}@${version}`,
    },
  ];
}

function quarantineCheck(service: string, situation: Situation, version: string): readonly Check[] {
  const mark = situation.quarantined.get(version);
  return mark
    ? [
        {
          name: 'quarantine',
          what: `${version} is quarantined`,
          why: `${mark.evidence ?? mark.reason} (by ${mark.actor})`,
          next: `sofare unquarantine ${service}@${version}`,
        },
      ]
    : [];
}
