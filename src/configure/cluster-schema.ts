import * as v from 'valibot';

type Duration = v.GenericSchema<string, number>;
type Text = v.GenericSchema<string>;
type Count = v.GenericSchema<number>;

/** `cluster:`, in the words of a kubeconfig. */
export function clusterSchema(text: Text) {
  return v.strictObject({ context: v.optional(text), namespace: v.optional(text) });
}

/** `target: { kind: deployment }`. */
export function deploymentTarget(duration: Duration, text: Text, count: Count) {
  return v.strictObject({
    kind: v.literal('deployment'),
    template: text,
    container: v.optional(text),
    port: v.pipe(count, v.maxValue(65_535, 'a port')),
    copies: v.optional(count, 1),
    readyWithin: v.optional(duration, '5m'),
  });
}

/** `traffic:` of a service in a cluster. */
export function clusterTraffic(text: Text) {
  const address = v.optional(
    v.pipe(
      v.string('an address such as https://fraud.example'),
      v.check(isAddress, 'an http or https address such as https://fraud.example, without a path'),
    ),
  );
  const routes = v.optional(v.pipe(v.array(text), v.minLength(1, 'a list of at least one name')));
  const owner = v.optional(v.literal('pause', 'pause, or nothing'));
  return [
    v.strictObject({
      kind: v.literal('istio'),
      virtualService: text,
      routes,
      destinationRule: v.optional(text),
      address,
      owner,
    }),
    v.strictObject({ kind: v.literal('gateway-api'), route: text, routes, address, owner }),
    v.strictObject({ kind: v.literal('service-selector'), service: text, address, owner }),
  ] as const;
}

function isAddress(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.pathname === '/' && !address.endsWith('/');
}
