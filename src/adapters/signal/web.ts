import type { MetricReading } from '../../model/analysis.ts';
import { atJsonPath } from '../../model/json-path.ts';
import type { OutsideProvider } from '../../ports/metric-source.ts';
import { askOutside } from '../kit/outside-request.ts';
import { redacted } from '../kit/variables.ts';
import { fillHeaders } from './headers.ts';

/** Asks an address for JSON and takes what stands at a path. */
export async function askWeb(provider: Extract<OutsideProvider, { kind: 'web' }>, signal: AbortSignal): Promise<MetricReading> {
  const filled = fillHeaders(provider.headers);
  if ('missing' in filled) return { kind: 'failed', why: `${filled.missing} is not set` };
  const { url, method, body, timeout, insecure } = provider;
  const answer = await askOutside({ url, method, body, within: timeout, insecure, headers: filled.headers }, signal);
  if (!answer.answered) return { kind: 'failed', why: redacted(answer.why, filled.secrets) };
  if (answer.status < 200 || answer.status >= 300)
    return { kind: 'failed', why: `received non 2xx response code: ${answer.status}` };
  return readJson(answer.body, provider.jsonPath, filled.secrets);
}

/** What stands at the path of a JSON text; a text that is not JSON is itself, as in Argo. */
export function readJson(text: string, jsonPath: string, secrets: readonly string[]): MetricReading {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { kind: 'text', text: redacted(text.trim(), secrets) };
  }
  const found = atJsonPath(document, jsonPath);
  return found === undefined
    ? { kind: 'failed', why: `the answer has nothing at ${jsonPath}` }
    : { kind: 'json', document: found };
}
