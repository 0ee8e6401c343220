import type { Header } from '../../model/analysis.ts';
import { askOutside } from '../kit/outside-request.ts';
import { redacted } from '../kit/variables.ts';
import { fillHeaders } from './headers.ts';

/** A Prometheus, and how long and how much it may answer. */
export interface Asked {
  readonly address: string;
  readonly headers: readonly Header[];
  readonly insecure: boolean;
  readonly timeout: number;
  /** Bytes of the longest answer that is read; left out: what is fit for one query of a person. */
  readonly longest?: number;
}

/** What it answered, whatever the status said; a text says why nothing came. `secrets` must never be shown. */
export type Answered =
  | { readonly document: unknown; readonly status: number; readonly secrets: readonly string[] }
  | { readonly why: string };

/** One request to a Prometheus' HTTP API. The query goes in the body, so that no proxy's log has it. */
export async function askPrometheusFor(
  { address, headers, insecure, timeout, longest }: Asked,
  path: 'query' | 'query_range',
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answered> {
  const filled = fillHeaders(headers);
  if ('missing' in filled) return { why: `${filled.missing} is not set` };
  const answer = await askOutside(
    {
      url: `${address.replace(/\/+$/, '')}/api/v1/${path}`,
      method: 'POST',
      headers: { ...filled.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      within: timeout,
      insecure,
      ...(longest === undefined ? {} : { longest }),
    },
    signal,
  );
  if (!answer.answered) return { why: `Prometheus: ${redacted(answer.why, filled.secrets)}` };
  try {
    return { document: JSON.parse(answer.body), status: answer.status, secrets: filled.secrets };
  } catch {
    return { why: `Prometheus: ${answer.status === 200 ? 'the answer is no JSON' : `it answers ${answer.status}`}` };
  }
}
