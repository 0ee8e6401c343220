import { fail } from '../../model/errors.ts';
import { guard } from '../../operate/guard.ts';
import { durationOf } from '../durations.ts';
import { textOf } from '../arguments.ts';
import { changeRequest, ended } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

/** Enough for two intervals beyond the warm-up; how much traffic is needed is the statistics' to say. */
const shortest = '5s';

export const run: Run = async (terminal, globals, [service], options) => {
  const replayed = textOf(options['replay']);
  if (replayed !== null) return (await import('../replay.ts')).runReplay(terminal, globals, replayed, options);
  const alone = ['alpha', 'tolerate', 'limit', 'dispersion', 'threshold'].find((name) => options[name] !== undefined);
  if (alone !== undefined) onlyReplayed(alone);
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, textOf(service), { purpose: 'change', announce: screen.announce });
  const request = await changeRequest(terminal, globals, session, screen, { ...options, yes: true }, 'guard');
  return await ended(
    terminal,
    session,
    screen,
    await guard(session.engine, { ...request, for: durationOf(textOf(options['for']) ?? shortest, '--for') }),
  );
};

/** A guard that acts goes by sofare.yaml, which everybody can read afterwards. */
function onlyReplayed(option: string): never {
  return fail({
    code: 'usage',
    what: `--${option} without --replay`,
    why: 'a guard that acts judges by the guard: of sofare.yaml',
    touched: 'no',
    next: `sofare guard --replay RUN --${option} ...`,
  });
}
