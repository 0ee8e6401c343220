import type { CounterKind, PrometheusSignals } from '../../model/service.ts';

export type CounterNames = Pick<PrometheusSignals, 'labels' | 'counters'>;

/** Label of what is no value but the time at which the values of a process were taken. */
export const timeLabel = 'sofare_taken_at';

/**
 * One query for one counter of many services. Values are summed only within a process, whose counters all begin again together: a sum over
 * processes would fall by one of them and look like a counter that began again. Beside each process stands when it was scraped, since an
 * instant query gives values of up to five minutes ago the time of the query.
 */
export function counterQuery(kind: CounterKind, { labels, counters }: CounterNames, services: readonly string[]): string {
  const { service, version, instance } = labels;
  const selected = withServices(counters[kind] ?? '', service, services);
  const by = `${service}, ${version}, ${instance}`;
  const values = `sum by (${by}${kind === 'latency' ? ', le' : ''}) (${selected})`;
  return `${values} or label_replace(max by (${by}) (timestamp(${selected})), "${timeLabel}", "1", "", "")`;
}

/** Which services have any series of that name, whatever its other labels: an error that never happened is told from a name that is wrong. */
export function presenceQuery(kind: CounterKind, { labels, counters }: CounterNames, services: readonly string[]): string {
  return `count by (${labels.service}) (${withServices(nameOf(counters[kind] ?? ''), labels.service, services)})`;
}

export function nameOf(selector: string): string {
  return selector.split('{', 1)[0] ?? '';
}

function withServices(selector: string, label: string, services: readonly string[]): string {
  const [name, own] = [nameOf(selector), selector.slice(nameOf(selector).length).slice(1, -1)];
  const matched = `${label}=~${JSON.stringify(services.map(literally).join('|'))}`;
  return `${name}{${[own.trim().replace(/,$/, ''), matched].filter((part) => part !== '').join(',')}}`;
}

/** Of a regular expression that means this text and no other. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
