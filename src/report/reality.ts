import { versionOf } from '../model/fresh.ts';
import { versionAtFull } from '../model/observation.ts';
import type { Situation } from '../operate/situation.ts';
import { digest } from './number.ts';
import { weightsText } from './step.ts';

/** In which ways the world is another than the registry says, a sentence each. None where they agree. */
export function differencesOf(situation: Situation): readonly string[] {
  const { observation, lane, versions } = situation;
  const { traffic, target, record, pointer } = observation;
  const differences: string[] = [];
  const weights = traffic?.weights ?? {};
  const full = versionAtFull(weights);
  // While an operation has the lane the two may differ for a good reason, and its own line says where it stands.
  if (traffic && !lane && pointer !== full)
    differences.push(`the registry points to ${pointer ?? 'nothing'}, the traffic is ${weightsText(weights)}`);
  differences.push(...(traffic?.besides ?? []));
  for (const [version, share] of Object.entries(weights)) {
    const seen = target?.versions[version];
    const registered = versions.get(versionOf(version));
    if (share === 0 || !seen) continue;
    if (registered && seen.bundleDigest !== registered.bundleDigest) {
      differences.push(
        `what runs as ${version} has the digest ${digest(seen.bundleDigest)}, the registry has ${digest(registered.bundleDigest)}`,
      );
    }
    const other = seen.copies.find(({ identity }) => identity !== null && identity !== versionOf(version));
    if (other) differences.push(`a copy of ${version} (${other.id}) answers as ${other.identity}`);
  }
  if (record?.value && record.value.fence > observation.fence) {
    differences.push(
      `the record beside the target has fence ${record.value.fence}, the database ${observation.fence}: another controller is at work, or the database was restored`,
    );
  }
  return differences;
}
