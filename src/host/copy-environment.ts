import { versionOf } from '../model/fresh.ts';
import type { WantedVersion } from '../model/hosting.ts';

/** Of the host's own environment a copy sees what programs cannot do without, and no secret. */
const inherited = ['PATH', 'HOME', 'LANG', 'TMPDIR'] as const;

/** What a copy is told. The names we set win over the bundle's, which win over the host's. */
export function copyEnvironment(
  wanted: WantedVersion,
  own: Readonly<Record<string, string | undefined>>,
  given: { readonly port: number; readonly model: string; readonly instance: string },
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of inherited) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    ...wanted.environment,
    PORT: String(given.port),
    SOFARE_HOST: '127.0.0.1',
    SOFARE_ARTIFACTS: wanted.artifacts,
    SOFARE_MODEL: given.model,
    SOFARE_VERSION: versionOf(wanted.version),
    SOFARE_DIGEST: wanted.bundleDigest,
    SOFARE_INSTANCE: given.instance,
  };
}
