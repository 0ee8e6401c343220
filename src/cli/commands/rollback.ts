import { readFile, writeFile } from 'node:fs/promises';
import { exit, type ExitCode, fail } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { rollback } from '../../operate/rollback.ts';
import { durationOf } from '../durations.ts';
import { sharesFrom, textOf } from '../arguments.ts';
import { orFromRecord } from '../break-glass.ts';
import { changeRequest, ended } from '../change.ts';
import type { Run } from '../definition.ts';
import { type Screen, screenFor } from '../screen.ts';
import { openService, type Session } from '../session.ts';
import type { Globals, Terminal } from '../terminal.ts';

const between = '60s';

export const run: Run = async (terminal, globals, [service], options) => {
  const named = textOf(options['to']);
  const version = textOf(options['version']);
  if (named !== null && version !== null && named !== version) {
    fail({
      code: 'usage',
      what: `--to ${named} and --version ${version}`,
      why: 'both name the version to go to',
      touched: 'no',
      next: `sofare rollback --to ${named}`,
    });
  }
  const applied = textOf(options['apply']) === null ? null : await readPlan(String(options['apply']));
  const screen = screenFor(terminal, globals);
  const opening = { purpose: 'change', announce: screen.announce } as const;
  const on = textOf(service) ?? applied?.service ?? null;
  return orFromRecord(
    terminal,
    globals,
    { service: on },
    opening,
    () => openService(terminal, globals, on, opening),
    (session) => rollBack(terminal, globals, session, screen, options, applied),
  );
};

async function rollBack(
  terminal: Terminal,
  globals: Globals,
  session: Session,
  screen: Screen,
  options: Readonly<Record<string, unknown>>,
  applied: Plan | null,
): Promise<ExitCode> {
  const request = await changeRequest(terminal, globals, session, screen, options, 'rollback');
  const emergency = options['emergency'] === true;
  const stepped = options['steps'] !== undefined && options['instant'] !== true && !emergency;
  let plan: Plan | null = null;
  const outcome = await rollback(session.engine, {
    ...request,
    consent: async (made) => {
      plan = made;
      return request.consent(made);
    },
    to: textOf(options['to']) ?? textOf(options['version']) ?? (applied?.targetNamed ? applied.to : null),
    shares: stepped
      ? sharesFrom(options['steps'])
      : (applied?.steps.flatMap((step) => (step.kind === 'route' ? [step.weights[applied.to] ?? 0] : [])) ?? [100]),
    every: stepped
      ? durationOf(textOf(options['every']) ?? between, '--every')
      : (applied?.steps.find((step) => step.kind === 'bake')?.for ?? 0),
    person: true,
    emergency,
    supersede: textOf(options['supersede']),
    fingerprint: applied?.fingerprint ?? null,
    evidence: null,
    detach: options['detach'] === true,
  });
  const out = textOf(options['out']);
  if (out !== null && plan) await writeFile(out, `${JSON.stringify({ schema: 'sofare/plan@1', ...(plan as Plan) }, null, 2)}\n`);
  if (outcome.kind === 'planned' && options['plan'] !== true) terminal.writeError('nothing was done\n');
  const code = await ended(terminal, session, screen, outcome);
  return options['plan'] === true && outcome.kind === 'nothing' ? exit.done : code;
}

async function readPlan(file: string): Promise<Plan> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as Plan & { schema?: string };
    if (read.schema === 'sofare/plan@1' && read.kind === 'rollback') return read;
  } catch (error) {
    return unreadable(file, error instanceof Error ? error.message : String(error));
  }
  return unreadable(file, 'it is not the plan of a rollback');
}

function unreadable(file: string, why: string): never {
  return fail({
    code: 'usage',
    what: `${file} cannot be applied`,
    why,
    touched: 'no',
    next: 'sofare rollback --plan --out plan.json',
  });
}
