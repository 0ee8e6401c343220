/** What was found lying around. */
export interface Surroundings {
  readonly directory: string;
  /** The file that looks like a model server, or null. */
  readonly server: string | null;
}

/** A sofare.yaml to begin with, commented, that our own reader takes as it stands. */
export function proposal({ directory, server }: Surroundings): string {
  const name =
    directory
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replaceAll(/^[^a-z0-9]+|\.{2,}/g, '') || 'model';
  const command = server === null ? '[node, server.mjs]' : server.endsWith('.py') ? `[python3, ${server}]` : `[node, ${server}]`;
  return `version: 1
state: .sofare/          # the registry and the local host live here
services:
  "${name}":
    model: "${name}"
    # How one version is started. PORT, SOFARE_HOST and SOFARE_ARTIFACTS (a folder with the version's files) are in its environment.
    target:   { kind: process, command: ${command}, copies: 1 }
    traffic:  { kind: proxy, listen: "127.0.0.1:8080" }
    # The model itself says which version it is: this is what makes "verified" mean something.
    identity: { http: /v2/models/${name}, json: "versions[0]", least: answered }
    health:   { http: /v2/health/ready, within: 250ms }
    signals:
      errors:  { proxy: errors }
      latency: { proxy: latency }
    guard:    { alpha: 0.01, tolerate: 1.25, deadline: 30m, onUndecided: pause }
    bake:     { for: 15m, requests: 1000 }   # what a version must have carried to be known good
    keep:     { knownGood: 3, warm: 1h }
`;
}
