// Answers what counters are asked for as a Prometheus that scrapes many services would. It stands in for one, for load alone: in a process of its own.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Seconds between two scrapes of a service; each has its own phase. */
const scraped = Number(process.argv[2] ?? 10);
/** From so many seconds on every so many-th canary fails one request in five. */
const [failingFrom, failingEach] = [Number(process.argv[3] ?? 40), Number(process.argv[4] ?? 200)];
const begun = Date.now() / 1_000;
const perSecond = { '1.0.0': 54, '1.1.0': 6 } as const;
const parts = { requests: 1, errors: 0.005, unanswered: 0.0005, right: 0.2, wrong: 0.01 } as const;
const edges = [
  ['0.01', 0.5],
  ['0.025', 0.9],
  ['0.05', 0.99],
  ['0.1', 0.999],
  ['+Inf', 1],
] as const;

const form = /\((\w+)\{[^}]*service=~"([^"]*)"/;
let queries: number[] = [];

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (part: string) => {
    body += part;
  });
  request.on('end', () => {
    if (request.url === '/queries') {
      response.end(JSON.stringify(queries));
      queries = [];
      return;
    }
    const fields = new URLSearchParams(body);
    const now = Date.now() / 1_000;
    queries.push(now * 1_000);
    response.end(answer(fields.get('query') ?? '', Number(fields.get('time') ?? now)));
  });
});

function answer(query: string, at: number): string {
  const [, name = '', services = ''] = form.exec(query) ?? [];
  const moment = at.toFixed(3);
  const samples: string[] = [];
  for (const service of services.split('|')) {
    const number = Number(service.slice(1));
    const phase = (number % 97) / 97;
    const taken = (Math.floor(at / scraped - phase) + phase) * scraped;
    for (const version of ['1.0.0', '1.1.0'] as const) {
      const labels = `{"metric":{"instance":"10.0.0.1:${number}","service":"${service}","version":"${version}"`;
      const sent = Math.max(0, taken - begun + 600) * perSecond[version];
      const value = (text: string, more = ''): number => samples.push(`${labels}${more}},"value":[${moment},"${text}"]}`);
      if (name === 'latency_seconds_bucket')
        for (const [edge, part] of edges) value(String(Math.floor(sent * part)), `,"le":"${edge}"`);
      else value(String(counted(name, version, number, sent, taken)));
      value(taken.toFixed(3), ',"sofare_taken_at":"1"');
    }
  }
  return `{"status":"success","data":{"resultType":"vector","result":[${samples.join(',')}]}}`;
}

function counted(name: string, version: string, number: number, sent: number, taken: number): number {
  const part = parts[name.replace('_total', '') as keyof typeof parts] ?? 0;
  const fails = name === 'errors_total' && version === '1.1.0' && number % failingEach === 0;
  const since = fails ? Math.max(0, taken - begun - failingFrom) : 0;
  return Math.floor(sent * part) + Math.floor(since * perSecond['1.1.0'] * 0.2);
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port, begun }));
process.on('disconnect', () => process.exit(0));
