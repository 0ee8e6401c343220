import type { ServingPolicy } from '../../model/hosting.ts';
import type { HostedVersion } from '../../model/hosting.ts';
import type { VersionObservation } from '../../model/observation.ts';
import type { HostServing, Service } from '../../model/service.ts';
import type { Target } from '../../ports/target.ts';
import type { HostClient } from '../kit/host-client.ts';

/** Versions as processes of this machine, run by the local host. */
export function processTarget(service: Service, serving: HostServing, host: HostClient): Target {
  const { name } = service;
  let revision = 0;
  return {
    can: { fence: true, surge: true, sideBySide: true, twice: true, ownsTraffic: false, files: true },
    observe: async (signal) => {
      const hosted = await host.service(name, signal);
      revision = hosted?.revision ?? 0;
      return {
        fence: hosted?.fence ?? 0,
        versions: Object.fromEntries((hosted?.versions ?? []).map((version) => [version.version, observed(version)])),
      };
    },
    changes: async (atMost, signal) => {
      await host.changes(name, revision, atMost, signal);
    },
    apply: ({ version, name: as, copies, artifacts }, key, fence, signal) =>
      host.want(
        name,
        {
          fence,
          key,
          policy: policyOf(service, serving),
          versions: [
            {
              version: as,
              bundleDigest: version.bundleDigest,
              copies,
              command: serving.target.command,
              directory: serving.target.directory,
              environment: { ...serving.target.environment, ...version.bundle.environment },
              artifacts: artifacts ?? '',
            },
          ],
        },
        signal,
      ),
    retire: (version, key, fence, signal) => host.retire(name, { fence, key, version }, signal),
  };
}

function observed({ version, bundleDigest, wanted, failed, copies }: HostedVersion): VersionObservation {
  return {
    version,
    bundleDigest,
    wanted,
    failed,
    copies: copies.map((copy) => ({
      id: copy.id,
      ready: copy.state === 'ready',
      address: copy.port === null ? null : `http://127.0.0.1:${copy.port}`,
      identity: copy.identity,
      restarts: copy.restarts,
    })),
  };
}

function policyOf({ model }: Service, { target, traffic, identity, labels }: HostServing): ServingPolicy {
  const { readiness, readyWithin, stopWithin, warmup } = target;
  return {
    model,
    listen: traffic.listen,
    metrics: traffic.metrics,
    unit: traffic.unit ?? null,
    readiness,
    readyWithin,
    identity,
    warmup,
    stopWithin,
    labels,
  };
}
