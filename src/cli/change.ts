import { exit, type ExitCode, ProblemError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { doDueTasks } from '../operate/due.ts';
import { exitOf, type Outcome } from '../operate/outcome.ts';
import type { Request } from '../operate/request.ts';
import { durationOf } from './durations.ts';
import { overridesOf, textOf } from './arguments.ts';
import type { Session } from './session.ts';
import { Stopped } from './stopped.ts';
import type { Screen } from './screen.ts';
import { isInPipeline, tellPipeline } from './tell-pipeline.ts';
import type { Globals, Terminal } from './terminal.ts';

type Options = Readonly<Record<string, unknown>>;

/** The part of a request that every changing command has: who, why, what may be overridden, and how consent is had. */
export async function changeRequest(
  terminal: Terminal,
  globals: Globals,
  session: Session,
  screen: Screen,
  options: Options,
  command: string,
): Promise<Request> {
  const timeout = textOf(options['timeout']);
  const mayAsk = globals.input && terminal.inputIsTerminal && terminal.errorIsTerminal && globals.output === 'text';
  const given = textOf(options['reason']);
  const reason = given ?? (mayAsk && options['yes'] !== true ? await terminal.ask('reason (may be empty): ') : '');
  return {
    actor: terminal.actor,
    reason: reason.trim() === '' ? 'none given' : reason.trim(),
    command,
    overrides: overridesOf(options['override']),
    expected: textOf(options['from']),
    consent: (plan) =>
      consent(terminal, screen, session, plan, { yes: options['yes'] === true, onlyPlan: options['plan'] === true, mayAsk }),
    signal:
      timeout === null
        ? terminal.interrupted
        : AbortSignal.any([terminal.interrupted, AbortSignal.timeout(durationOf(timeout, '--timeout'))]),
  };
}

/** A plan is shown before anything moves. Without a terminal to ask on, a command is its own consent; with --plan nothing is done. */
async function consent(
  terminal: Terminal,
  screen: Screen,
  session: Session,
  plan: Plan,
  { yes, onlyPlan, mayAsk }: { readonly yes: boolean; readonly onlyPlan: boolean; readonly mayAsk: boolean },
): Promise<boolean> {
  screen.plan(session, plan, onlyPlan);
  if (onlyPlan) return false;
  if (yes || !mayAsk) return true;
  screen.settle();
  return /^y(es)?$/i.test((await terminal.ask('go on? [y/N] ')).trim());
}

/** Shows how a changing command ended and gives its exit code. A plan that was only asked for is a success with changes pending. */
export async function ended(terminal: Terminal, session: Session, screen: Screen, outcome: Outcome): Promise<ExitCode> {
  const decisive = outcome.kind === 'ran' ? (outcome.by ?? outcome.operation) : null;
  // An incident has its number from the registry.
  const incident = decisive && !session.engine.glass?.stamp ? await incidentOf(session, decisive.id) : null;
  const view = screen.outcome(session, outcome, incident);
  if (isInPipeline(terminal)) {
    const { endOfOutcome } = await import('../report/pipeline.ts');
    await tellPipeline(terminal, session.engine.service.name, endOfOutcome(view), await inMarkdown(session, incident));
  }
  const code = outcome.kind === 'planned' ? exit.pending : exitOf(outcome);
  await afterwards(session, screen, code);
  return code;
}

/** Where no supervisor does what is due, the command that made it due does, once its own end was told: nothing of this changes that. */
async function afterwards({ engine }: Session, screen: Screen, code: ExitCode): Promise<void> {
  // Without the registry nothing that can wait is done: it is due when that is back.
  if (engine.supervised || engine.glass?.stamp) return;
  const request = {
    actor: 'sofare',
    reason: 'due',
    command: 'resume --due',
    overrides: [],
    expected: null,
    consent: async () => true,
    signal: AbortSignal.timeout(60_000),
  };
  try {
    await doDueTasks(engine, request);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    screen.remark(error.problem);
    if (error.problem.code === 'disk.unsynced') throw new Stopped(code);
  }
}

async function inMarkdown({ engine }: Session, incident: string | null): Promise<string | null> {
  if (incident === null) return null;
  const { readIncident } = await import('../record/incident.ts');
  const { incidentMarkdown } = await import('../report/incident-markdown.ts');
  return incidentMarkdown(await readIncident(engine.store.read, incident), { chart: null });
}

async function incidentOf({ engine }: Session, operation: string): Promise<string | null> {
  const row = await engine.store.read
    .selectFrom('incidents')
    .select('number')
    .where('operation', '=', operation)
    .executeTakeFirst();
  return row ? `INC-${row.number}` : null;
}
