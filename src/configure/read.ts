import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { fail } from '../model/errors.ts';
import type { Service, Serving } from '../model/service.ts';
import type { Configuration } from './configuration.ts';
import { databaseOf, holdsPassword } from './database.ts';
import { expandEnvironment, type Environment } from './environment.ts';
import { nearest } from '../registry/nearest.ts';
import { schema, type WrittenService } from './schema.ts';
import { servingOf } from './serving.ts';

const largestFile = 1_048_576;
const mostNodes = 20_000;
const deepest = 20;
/** Names that mean something else to every object. */
const magic: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const serviceName = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export interface Source {
  readonly text: string;
  readonly file: string;
  readonly found: string;
  readonly environment: Environment;
}

/** Reads the text of a sofare.yaml. Fails with config.invalid, naming file, line and column, and what was expected there. */
export function readConfiguration(source: Source): Configuration {
  const { file, found, environment } = source;
  if (source.text.length > largestFile)
    fail(invalid(file, 'it is larger than 1 MiB', 'sofare.yaml is written by people', 'make it smaller'));
  const lines = new LineCounter();
  const document = parseDocument(source.text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) fail(invalid(at(file, lines, error.pos[0]), error.message, 'it is not YAML as sofare reads it', 'mend the line'));
  bound(document, file, lines);
  const raw = plain(document, file);
  if (holdsPassword((raw as { database?: unknown }).database)) fail(secret(positionOf(file, document, lines, ['database'])));
  const written = expandEnvironment(raw, environment, file);
  const result = v.safeParse(schema, written);
  if (!result.success) explain(file, document, lines, result.issues[0]);
  const { state, database, lease, host, services, notify, recover } = result.output;
  const directory = dirname(file);
  const wrong = Object.keys(services).find((name) => !serviceName.test(name) || name.includes('..'));
  if (wrong !== undefined) {
    fail({
      code: 'name.invalid',
      what: `${positionOf(file, document, lines, ['services', wrong])}: ${JSON.stringify(wrong)} is no name for a service`,
      why: 'lower-case letters, digits, dots, dashes and underscores are allowed, beginning with a letter or digit',
      touched: 'no',
      next: 'rename the service',
    });
  }
  return {
    file,
    found,
    state: resolve(directory, state),
    database: databaseOf(database, lease, environment),
    host: host === undefined ? resolve(directory, state, 'host') : resolve(directory, host),
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => {
        const serving = servingOf(name, service, directory);
        if ('what' in serving)
          fail(
            invalid(
              positionOf(file, document, lines, ['services', name, ...serving.keys]),
              serving.what,
              serving.why,
              'sofare config schema',
            ),
          );
        return [name, serviceOf(name, service, serving)];
      }),
    ),
    notify: notify ?? null,
    recover,
  };
}

function serviceOf(name: string, { model, bake, guard, act, keep }: WrittenService, serving: Serving): Service {
  return {
    name,
    model,
    serving,
    bake,
    guard: { ...guard, limit: guard.limit ?? null, dispersion: guard.dispersion ?? null, restarts: guard.restarts ?? null },
    act,
    keep,
  };
}

/** A file that would grow beyond measure when its aliases are followed, or is deeper than any of ours, is refused before it is. */
function bound(document: Document, file: string, lines: LineCounter): void {
  let nodes = 0;
  visit(document, {
    Alias: (_key, node) =>
      fail(
        invalid(
          at(file, lines, node.range?.[0] ?? 0),
          'aliases are not used in sofare.yaml',
          'a few lines with aliases can stand for gigabytes',
          'write the value again',
        ),
      ),
    Pair: (_key, { key }) => {
      if (isScalar(key) && magic.has(String(key.value)))
        fail(
          invalid(
            at(file, lines, key.range?.[0] ?? 0),
            `unknown key ${String(key.value)}`,
            'there is no such key',
            'sofare config schema',
          ),
        );
    },
    Node: (_key, node, path) => {
      nodes += 1;
      if (nodes > mostNodes || path.length > 2 * deepest)
        fail(
          invalid(
            at(file, lines, node.range?.[0] ?? 0),
            'it is too large or too deep',
            `at most ${mostNodes} values, ${deepest} deep, are read`,
            'make it smaller',
          ),
        );
    },
  });
}

function plain(document: Document, file: string): unknown {
  if (!isMap(document.contents))
    fail(invalid(`${file}:1:1`, 'it holds no keys', 'a sofare.yaml begins with version: 1', 'sofare init'));
  return document.toJS({ maxAliasCount: 0 });
}

function explain(file: string, document: Document, lines: LineCounter, issue: v.BaseIssue<unknown>): never {
  const keys = (issue.path ?? []).map((part) => (part as { key: unknown }).key as string | number);
  const where = positionOf(file, document, lines, keys);
  const name = keys.join('.') || 'the file';
  const last = String(keys.at(-1) ?? '');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const [close] = nearest(knownKeys(issue), last, 1);
    return fail(
      invalid(
        where,
        `unknown key ${name}`,
        close === undefined ? 'there is no such key' : `did you mean ${close}?`,
        'sofare config schema',
      ),
    );
  }
  if (issue.received === 'undefined')
    return fail(invalid(where, `${name} is missing`, 'it has to be there: it has no default', 'sofare config schema'));
  // A password that somebody wrote into an address is not said again.
  const received = issue.received.replaceAll(/\/\/[^/\s"]*@/g, '//*****@');
  return fail(invalid(where, `${name} is ${received}`, `wanted: ${issue.message}`, 'sofare config schema'));
}

function knownKeys(issue: v.BaseIssue<unknown>): readonly string[] {
  const parts = (issue.path ?? []).slice(0, -1).map((part) => String((part as { key: unknown }).key));
  let inside: unknown = schema;
  for (const part of parts) inside = entryOf(unwrapped(inside), part);
  const { entries, options = [] } = unwrapped(inside) as Shape;
  return [entries, ...options.map((option) => option.entries)].flatMap((each) => Object.keys(each ?? {}));
}

/** A schema with keys, or one of several by their `kind`. */
interface Shape {
  readonly entries?: object;
  readonly options?: readonly { readonly entries?: object }[];
}

function entryOf(of: unknown, key: string): unknown {
  const { entries, options, value, item } = of as Shape & { value?: unknown; item?: unknown };
  const shapes = [entries, ...(options ?? []).map((option) => option.entries)] as readonly (
    | Record<string, unknown>
    | undefined
  )[];
  return shapes.find((each) => each?.[key] !== undefined)?.[key] ?? value ?? item;
}

function unwrapped(of: unknown): unknown {
  const { wrapped } = (of ?? {}) as { wrapped?: unknown };
  return wrapped === undefined ? (of ?? {}) : unwrapped(wrapped);
}

function positionOf(file: string, document: Document, lines: LineCounter, keys: readonly (string | number)[]): string {
  for (let length = keys.length; length > 0; length -= 1) {
    const parent = document.getIn(keys.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(keys[length - 1]))
      : undefined;
    const offset = (pair?.key as { range?: readonly number[] } | undefined)?.range?.[0];
    if (offset !== undefined) return at(file, lines, offset);
  }
  return `${file}:1:1`;
}

function at(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

function secret(where: string) {
  return invalid(
    where,
    'a password stands in the file',
    'secrets are only ever taken from the environment',
    'put the address into SOFARE_DATABASE_URL and leave the line out',
  );
}

function invalid(where: string, what: string, why: string, next: string) {
  return { code: 'config.invalid' as const, what: `${where}: ${what}`, why, touched: 'no' as const, next };
}
