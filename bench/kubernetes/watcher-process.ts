import { Api, type Access } from '../../test/real/kubernetes/api.ts';
import { moment } from './moment.ts';
import type { Sight } from './watcher.ts';

/** Follows collections of an API server in a process of its own and tells each change with the moment at which it was seen. */
const [, , given = ''] = process.argv;
const { access, paths } = JSON.parse(given) as { readonly access: Access; readonly paths: readonly string[] };
process.once('disconnect', () => process.exit());
const api = new Api(access);
for (const path of paths) {
  void api.until(path, ({ metadata, spec }, event) => {
    const at = moment();
    const routes = (spec?.http ?? []) as readonly { readonly route?: readonly Destination[] }[];
    const weights = routes.flatMap(({ route = [] }) => route.map(({ destination, weight = 100 }) => [destination.host, weight]));
    const selector = path.endsWith('services') && weights.length === 0 ? (spec?.selector ?? {}) : null;
    const called = `${metadata['namespace']}/${metadata.name}`;
    const sight: Sight = { called, gone: event === 'DELETED', weights: Object.fromEntries(weights), selector, at };
    process.send?.(sight);
    return false;
  });
}

interface Destination {
  readonly destination: { readonly host: string };
  readonly weight?: number;
}
