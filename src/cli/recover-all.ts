import { type Recovered, recover } from '../operate/recovery/recover.ts';
import { reconcile } from '../operate/reconcile.ts';
import type { Request } from '../operate/request.ts';
import { changeRequest } from './change.ts';
import type { Screen } from './screen.ts';
import type { Session } from './session.ts';
import type { Globals, Terminal } from './terminal.ts';

const unconfigured = { perSecond: 50, atOnce: 8 };
const letters = 6;

/** Goes on with all that dead processes left of the services given, which share one store, and does what is due. */
export async function recoverAll(
  terminal: Terminal,
  globals: Globals,
  screen: Screen,
  sessions: readonly Session[],
  options: Readonly<Record<string, unknown>>,
): Promise<Recovered> {
  const [first] = sessions;
  if (!first) return { operations: [], tasks: [] };
  const requests = new Map<string, Request>();
  for (const session of sessions) {
    const request = await changeRequest(terminal, globals, session, screen, { ...options, yes: true }, 'resume --due');
    requests.set(session.engine.service.name, request);
    // What was done by another database, or without one, is no row here yet that could be found pending.
    await reconcile(session.engine, request.signal);
  }
  const engines = new Map(sessions.map(({ engine }) => [engine.service.name, engine]));
  const { store, clock, processes, random } = first.engine;
  const request = requests.get(first.engine.service.name) as Request;
  return recover({
    store,
    clock,
    processes,
    engineOf: (service) => engines.get(service) ?? null,
    request: ({ service }) => requests.get(service.name) ?? request,
    ...(first.configuration?.recover ?? unconfigured),
    offset: fraction(random.word(letters)),
    signal: request.signal,
  });
}

/** From 0 to under 1. */
function fraction(word: string): number {
  return Number.parseInt(word, 36) / 36 ** word.length;
}
