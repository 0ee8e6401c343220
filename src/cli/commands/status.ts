import { setTimeout as pause } from 'node:timers/promises';
import { chooseTarget } from '../../decide/rollback-target.ts';
import { lifeOf } from '../../execute/lease.ts';
import { exit, type ExitCode } from '../../model/errors.ts';
import type { CountersReading } from '../../model/hosting.ts';
import { expectedTime } from '../../operate/expected-time.ts';
import { readSituation, targetSituation } from '../../operate/situation.ts';
import { LivePainter } from '../../report/live.ts';
import { statusDocument, type StatusInput, statusView } from '../../report/status.ts';
import { statusText } from '../../report/status-text.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { flagsOf, paperOf, screenFor } from '../screen.ts';
import { openSeveral, type Session } from '../session.ts';
import type { Globals, Terminal } from '../terminal.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const opening = { purpose: 'read' } as const;
  const service = textOf(operand);
  const watched = options['watch'] === true && terminal.outputIsTerminal;
  try {
    await using sessions = await openSeveral(terminal, globals, service, opening);
    return await look(terminal, globals, sessions.each, watched);
  } catch (error) {
    const { fromRecord } = await import('../break-glass.ts');
    return fromRecord(terminal, globals, { service }, opening, error, (session) => look(terminal, globals, [session], watched));
  }
};

async function look(terminal: Terminal, globals: Globals, sessions: readonly Session[], watched: boolean): Promise<ExitCode> {
  const past = new Map<string, CountersReading[]>();
  const views = async () =>
    Promise.all(sessions.map(async (session) => statusView(await inputOf(session, terminal, globals, past))));
  if (!watched) {
    const seen = await views();
    screenFor(terminal, globals).show(
      () => statusDocument(seen),
      (paper) => statusText(seen, paper),
    );
    return exit.done;
  }
  const painter = new LivePainter(terminal.write, terminal.rows);
  while (!terminal.interrupted.aborted) {
    painter.show(
      statusText(await views(), paperOf(terminal, globals))
        .trimEnd()
        .split('\n'),
    );
    await pause(1_000, undefined, { signal: terminal.interrupted }).catch(() => {});
  }
  return exit.done;
}

const readingsKept = 60;

async function inputOf(
  { engine, host, where }: Session,
  terminal: Terminal,
  globals: Globals,
  past: Map<string, CountersReading[]>,
): Promise<StatusInput> {
  const { service } = engine;
  const signal = terminal.interrupted;
  const situation = await readSituation(engine, signal);
  const hosted = host ? await host.service(service.name, signal) : null;
  const reading = engine.world ? await engine.world.signal.query(signal) : null;
  const readings = [...(past.get(service.name) ?? []), ...(reading ? [reading] : [])].slice(-readingsKept);
  past.set(service.name, readings);
  const from = situation.lane?.plan.to ?? situation.serving ?? situation.observation.pointer;
  const choice = from === null ? null : chooseTarget(targetSituation(engine, situation, { from, person: true, excluded: [] }));
  const warm =
    choice?.kind === 'target' &&
    (situation.observation.target?.versions[choice.version]?.copies.some(({ ready }) => ready) ?? false);
  const life = situation.lane ? await lifeOf(engine, situation.lane) : 'gone';
  const owner = life === 'elsewhere' && engine.store.lease === null ? 'unseen' : life;
  return {
    service,
    situation,
    host: service.serving && !service.serving.cluster ? (host ? 'up' : 'down') : 'none',
    hosted,
    readings,
    owner,
    choice,
    expected: await expectedTime(engine, warm),
    state: where,
    now: await engine.store.now(),
    flags: flagsOf(globals),
  };
}
