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
