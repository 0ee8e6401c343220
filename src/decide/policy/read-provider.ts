import { isHeader } from '../../model/header.ts';
import type { Header, MetricProvider } from '../../model/analysis.ts';
import { evaluateMoment } from '../../detect/analysis/expression/condition.ts';
import { problemOfJsonPath } from '../../model/json-path.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Findings, Place } from './findings.ts';
import type { Located } from './located.ts';
import { sequential } from './read-sequential.ts';
import { prometheusTimeout, webTimeout } from './timeouts.ts';

const elsewhere = 'its provider is not built in; ask it with the plugin sofare/command, or through web';
const refusedProviders = {
  job: 'a Kubernetes Job needs a cluster; the plugin sofare/command runs a command here',
  datadog: elsewhere,
  newRelic: elsewhere,
  wavefront: elsewhere,
  kayenta: elsewhere,
  cloudWatch: elsewhere,
  graphite: elsewhere,
  influxdb: elsewhere,
  skywalking: elsewhere,
} as const;

/** Where a metric comes from. Null where that is not said, said twice, or not built in. */
export function readProvider(located: Located | null, metric: string, at: Place, findings: Findings): MetricProvider | null {
  const fields = fieldsOf(
    located,
    `the provider of ${metric}`,
    { read: ['prometheus', 'web', 'plugin'], refused: refusedProviders },
    findings,
  );
  if (!fields) {
    if (!located) findings.error(at, `${metric} has no provider`);
    return null;
  }
  const plugins = fields.map('plugin');
  const named = plugins?.kind === 'map' ? [...plugins.fields] : [];
  const refused = Object.keys(refusedProviders).filter((name) => fields.has(name));
  const count = ['prometheus', 'web'].filter((name) => fields.has(name)).length + named.length + refused.length;
  if (count !== 1) {
    findings.error(fields.at, `${metric} has ${count === 0 ? 'no provider' : 'more than one provider'}`);
    return null;
  }
  if (fields.has('prometheus')) return prometheus(fields.map('prometheus'), findings);
  if (fields.has('web')) return web(fields.map('web'), findings);
  const [plugin] = named;
  return plugin ? readPlugin(plugin[0], plugin[1].at, plugin[1].value, findings) : null;
}

const authentication = 'AWS signatures and OAuth2 need their own clients; use headers with variables of the environment';

function prometheus(located: Located | null, findings: Findings): MetricProvider | null {
  const read = ['address', 'query', 'timeout', 'insecure', 'headers', 'rangeQuery'];
  const fields = fieldsOf(located, 'prometheus', { read, refused: { authentication } }, findings);
  if (!fields) return null;
  const timeout = prometheusTimeout(fields.integer('timeout'));
  if (typeof timeout === 'string') findings.error(fields.place('timeout'), timeout);
  const query = fields.text('query') ?? '';
  if (query.trim() === '') findings.error(fields.at, 'prometheus has no query');
  return {
    kind: 'prometheus',
    address: address(fields, 'address', findings),
    query,
    range: fields.has('rangeQuery') ? range(fields.map('rangeQuery'), findings) : null,
    timeout: typeof timeout === 'string' ? 30_000 : timeout,
    insecure: fields.boolean('insecure') ?? false,
    headers: headers(fields, findings),
  };
}

function range(located: Located | null, findings: Findings) {
  const fields = fieldsOf(located, 'rangeQuery', { read: ['start', 'end', 'step'] }, findings);
  const moment = (name: string): string => {
    const text = fields?.text(name) ?? '';
    const read = evaluateMoment(text, () => 0);
    if (fields && !read.ok) findings.error(fields.place(name), `rangeQuery.${name} is no time: ${read.error}`);
    return text;
  };
  const step = fields?.duration('step') ?? null;
  if (fields && step === null) findings.error(fields.at, 'rangeQuery has no step, such as 1m');
  return { start: moment('start'), end: moment('end'), step: step ?? 60_000 };
}

function web(located: Located | null, findings: Findings): MetricProvider | null {
  const read = ['url', 'method', 'headers', 'body', 'jsonBody', 'timeoutSeconds', 'jsonPath', 'insecure'];
  const fields = fieldsOf(located, 'web', { read, refused: { authentication } }, findings);
  if (!fields) return null;
  const method = fields.text('method') ?? 'GET';
  if (method !== 'GET' && method !== 'POST' && method !== 'PUT')
    findings.error(fields.place('method'), 'method is GET, POST or PUT');
  const json = fields.value('jsonBody');
  const body = fields.text('body') ?? (json ? JSON.stringify(plain(json)) : null);
  if (fields.has('body') && json) findings.error(fields.place('body'), 'use either body or jsonBody');
  if (body !== null && method === 'GET') findings.error(fields.at, 'body and jsonBody go with POST or PUT');
  const own = headers(fields, findings);
  return {
    kind: 'web',
    url: address(fields, 'url', findings),
    method: method === 'POST' || method === 'PUT' ? method : 'GET',
    headers: json
      ? [...own.filter(({ key }) => key.toLowerCase() !== 'content-type'), { key: 'Content-Type', value: 'application/json' }]
      : own,
    body,
    jsonPath: jsonPath(fields, findings),
    timeout: webTimeout(fields.integer('timeoutSeconds')),
    insecure: fields.boolean('insecure') ?? false,
  };
}

function readPlugin(name: string, at: Place, located: Located, findings: Findings): MetricProvider | null {
  if (name === 'sofare/command') {
    const fields = fieldsOf(located, name, { read: ['command', 'jsonPath', 'timeoutSeconds'] }, findings);
    const command = (fields?.list('command') ?? []).flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []));
    if (fields && command.length === 0) findings.error(fields.at, 'sofare/command needs a command, such as [python3, score.py]');
    return (
      fields && {
        kind: 'command',
        command,
        jsonPath: jsonPath(fields, findings),
        timeout: webTimeout(fields.integer('timeoutSeconds')),
      }
    );
  }
  if (name === 'sofare/proxy') {
    const fields = fieldsOf(located, name, { read: ['least'] }, findings);
    return { kind: 'proxy', least: Math.max(1, fields?.integer('least') ?? 1) };
  }
  if (name === 'sofare/sequential') return sequential(located, findings);
  findings.error(at, `the metric plugin ${name} is not known; sofare/command, sofare/proxy and sofare/sequential are`);
  return null;
}

function jsonPath(fields: Fields, findings: Findings): string {
  const path = fields.text('jsonPath') ?? '{$}';
  const problem = problemOfJsonPath(path);
  if (problem !== null) findings.error(fields.place('jsonPath'), `jsonPath ${path}: ${problem}`);
  return path;
}

/** An address that asks nothing of the network but what it says: http or https, no user in it. */
function address(fields: Fields, name: string, findings: Findings): string {
  const text = fields.text(name) ?? '';
  if (text === '') {
    findings.error(fields.at, `there is no ${name}`);
    return text;
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) findings.error(fields.place(name), `${name} is no http or https address`);
  else if (url.username !== '' || url.password !== '')
    findings.error(fields.place(name), `${name} holds a user or password; use headers with \${VARIABLES}`);
  return text;
}

function headers(fields: Fields, findings: Findings): readonly Header[] {
  return fields.list('headers').flatMap((item) => {
    const header = fieldsOf(item, 'a header', { read: ['key', 'value'] }, findings);
    const [key, value] = [header?.text('key') ?? '', header?.text('value') ?? ''];
    if (!header) return [];
    if (isHeader({ key, value })) return [{ key, value }];
    findings.error(header.at, 'a header has a name that is a token and a value without line ends');
    return [];
  });
}

function plain(located: Located): unknown {
  if (located.kind === 'scalar') return located.value;
  if (located.kind === 'list') return located.items.map(plain);
  return Object.fromEntries([...located.fields].map(([key, { value }]) => [key, plain(value)]));
}
