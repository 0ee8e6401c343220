import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { replay } from '../decide/replay.ts';
import { readRate } from '../configure/units.ts';
import { readJournal } from '../execute/journal.ts';
import { requireOperation } from '../execute/read.ts';
import { exit, type ExitCode, fail } from '../model/errors.ts';
import type { GuardPolicy } from '../model/evidence.ts';
import type { Recording } from '../model/recording.ts';
import { recordingOf } from '../record/recording.ts';
import { readRecording } from '../record/recording-file.ts';
import { replayDocument, replayText } from '../report/replay.ts';
import { textOf } from './arguments.ts';
import { screenFor } from './screen.ts';
import { openAll } from './session.ts';
import type { Globals, Terminal } from './terminal.ts';

/** Decides a recorded run again; changes nothing, and of a file needs no configuration. */
export async function runReplay(
  terminal: Terminal,
  globals: Globals,
  named: string,
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const recording = await findRecording(terminal, globals, named);
  const changed: Partial<GuardPolicy> = {
    ...given(options, 'alpha', (rate) => rate > 0 && rate < 1, 'a rate such as 1%'),
    ...given(options, 'tolerate', (ratio) => ratio >= 1, 'a ratio of at least 1'),
    ...given(options, 'limit', (rate) => rate > 0 && rate < 1, 'a rate such as 2%'),
    ...given(options, 'dispersion', (factor) => factor >= 1, 'a number of at least 1'),
  };
  const { threshold } = { threshold: 0.01, ...given(options, 'threshold', (rate) => rate > 0 && rate < 1, 'a rate such as 1%') };
  const replayed = replay(recording, changed, threshold);
  screenFor(terminal, globals).show(
    () => replayDocument(recording, replayed),
    (paper) => replayText(recording, replayed, paper),
  );
  return exit.done;
}

/** A file of that name, else the operation of that id. */
async function findRecording(terminal: Terminal, globals: Globals, named: string): Promise<Recording> {
  const file = resolve(terminal.directory, named);
  if (existsSync(file) || /[./\\]/.test(named)) return readRecording(read(file, named), named);
  await using sessions = await openAll(terminal, globals, { purpose: 'registry' });
  const [session] = sessions.each;
  if (!session) return missing(named, 'no service is configured');
  const { read: database } = session.engine.store;
  const { plan } = await requireOperation(database, named);
  const recording = recordingOf(await readJournal(database, named), plan.to, plan.from ?? 'nothing');
  return recording ?? missing(named, 'no guard watched in that operation');
}

function read(file: string, named: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return missing(named, error instanceof Error ? error.message : String(error));
  }
}

function missing(named: string, why: string): never {
  return fail({
    code: 'usage',
    what: `there is no recorded run ${named}`,
    why,
    touched: 'no',
    next: 'sofare guard --replay FILE, or the id of an operation that sofare history shows',
  });
}

function given<Name extends 'alpha' | 'tolerate' | 'limit' | 'dispersion' | 'threshold'>(
  options: Readonly<Record<string, unknown>>,
  name: Name,
  sound: (value: number) => boolean,
  wanted: string,
): Partial<Record<Name, number>> {
  const text = textOf(options[name]);
  if (text === null) return {};
  const value = readRate(text) ?? Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && sound(value)) return { [name]: value } as Partial<Record<Name, number>>;
  return fail({
    code: 'usage',
    what: `--${name} ${text}`,
    why: `${wanted} is wanted`,
    touched: 'no',
    next: `--${name} with ${wanted}`,
  });
}
