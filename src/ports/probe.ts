/** One request to one address, asked once. */
export interface Probe {
  get(url: string, within: number, signal: AbortSignal): Promise<ProbeAnswer>;
}

export type ProbeAnswer =
  | { readonly answered: true; readonly status: number; readonly body: string; readonly took: number }
  | { readonly answered: false; readonly why: string };
