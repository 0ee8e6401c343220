import { type Import, importsOf, type Source } from './sources.ts';

/** The rooms in the order of the flow: a room may import itself and the ones before it. */
const flow: readonly string[] = [
  'model',
  'ports',
  'store',
  'registry',
  'configure',
  'detect',
  'decide',
  'plan',
  'execute',
  'verify',
  'record',
  'operate',
  'report',
];

/** Beside the flow: what each may import instead. */
const others: Readonly<Record<string, readonly string[]>> = {
  adapters: ['model', 'ports', 'adapters/kit'],
  host: ['model'],
  'wire.ts': [...flow, 'adapters'],
  // The host is started and asked by the command line itself: there is one host, and nothing to choose.
  cli: [...flow, 'wire.ts', 'model-version-manager.ts', 'adapters/kit', 'adapters/system'],
  'model-version-manager.ts': [...flow, 'wire.ts'],
  'index.ts': [...flow, 'wire.ts', 'model-version-manager.ts'],
  'main.ts': [...flow, 'wire.ts', 'cli'],
};

/** The kernel of the journal knows nothing of what judges or describes it. */
const stricter: Readonly<Record<string, readonly string[]>> = {
  execute: ['model', 'ports', 'store', 'registry'],
};

/** Every import that breaks the order, as `FROM imports TO`. */
export function brokenImports(sources: readonly Source[]): readonly string[] {
  return sources
    .flatMap(importsOf)
    .filter((each) => (each.own ? !mayImport(each) : roomOf(each.from) === 'model'))
    .map(({ from, to }) => `${from} imports ${to}`);
}

function mayImport({ from, to }: Import): boolean {
  const room = roomOf(from);
  if (inside(to, neighbourhood(from))) return true;
  return (stricter[room] ?? others[room] ?? earlier(room)).some((allowed) => inside(to, allowed));
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** What a file shares its room with: an adapter only the adapters to the same port. */
function neighbourhood(path: string): string {
  return path
    .split('/')
    .slice(0, roomOf(path) === 'adapters' ? 2 : 1)
    .join('/');
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function earlier(room: string): readonly string[] {
  const place = flow.indexOf(room);
  return flow.slice(0, Math.max(0, place));
}
