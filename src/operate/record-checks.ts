import type { Check } from '../decide/checks.ts';
import { fenceSeen } from './observe.ts';
import type { Situation } from './situation.ts';

/** A record that is older than what was last written at target or traffic does not say who did that: no deploy is taken up from it. */
export function behindCheck({ observation }: Situation): readonly Check[] {
  const { record } = observation;
  const fence = record?.value?.fence ?? 0;
  const written = fenceSeen(observation);
  // What was written under a fence of our own database was written by a process of ours that died before it told the record.
  if (!record || fence >= written || observation.fence >= written) return [];
  return [
    {
      name: 'record',
      what: `the record of ${observation.service} is behind`,
      why: `it has fence ${fence}, while target and traffic were written under ${written} by somebody it does not name`,
      next: `sofare status ${observation.service}`,
    },
  ];
}

/** What serves was brought there by a database that is not ours, and no record tells what it did: nothing new comes in beside it. */
export function unrecordedCheck({ observation }: Situation): readonly Check[] {
  const { record, fence } = observation;
  const written = fenceSeen(observation);
  if (!record || record.value !== null || written <= fence) return [];
  return [
    {
      name: 'record',
      what: `${observation.service} has no record beside it`,
      why: `somebody else wrote there under fence ${written}; this registry knows of ${fence}`,
      next: `sofare adopt VERSION --service ${observation.service}`,
    },
  ];
}
