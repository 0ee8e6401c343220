export type Labels = Readonly<Record<string, string>>;

/** Whether something with these labels is among what the selector means. */
export function matches(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

/** As a request has it: `app=fraud,tier=serving`. */
export function selectorText(selector: Labels): string {
  return Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(',');
}

/** By which labels a Service finds its pods; empty: it finds none by itself. */
export function selectorOf(service: { readonly [field: string]: unknown }): Labels {
  return (service['spec'] as { readonly selector?: Labels } | undefined)?.selector ?? {};
}
