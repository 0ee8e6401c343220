import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { exit, type ExitCode, fail } from '../../model/errors.ts';
import { duration } from '../../report/duration.ts';
import { systemRandom } from '../../adapters/system/random.ts';
import { textOf } from '../arguments.ts';
import { prepareRun } from '../demo/prepare.ts';
import { handsFor } from '../demo/program.ts';
import { tell, type Told } from '../demo/story.ts';
import { packageFolder } from '../package-version.ts';
import type { Run } from '../definition.ts';

const longest = 180_000;

export const run: Run = async (terminal, globals, _operands, options): Promise<ExitCode> => {
  const runs = join(terminal.directory, '.sofare', 'demo');
  const asJson = globals.output === 'json';
  const say = (text: string): void => (asJson ? terminal.writeError : terminal.write)(`${text}\n`);
  if (options['clean'] === true) {
    rmSync(runs, { recursive: true, force: true });
    say(`the runs in ${runs} are removed`);
    return exit.done;
  }
  const bad = textOf(options['bad']) ?? '1.3.0';
  if (bad !== 'none' && bad !== '1.3.0')
    fail({
      code: 'usage',
      what: `--bad ${bad}`,
      why: 'the bad version is 1.3.0, or none',
      touched: 'no',
      next: 'sofare demo --bad none',
    });
  const seed = Number(textOf(options['seed']) ?? '1');
  if (!Number.isSafeInteger(seed))
    fail({
      code: 'usage',
      what: `--seed ${String(options['seed'])}`,
      why: 'a seed is a whole number',
      touched: 'no',
      next: 'sofare demo --seed 1',
    });
  const examples = join(packageFolder(), 'examples', 'flights');
  const folder = await prepareRun(
    join(runs, `${new Date().toISOString().replaceAll(/[-:.]/g, '').slice(0, 15)}-${systemRandom.word(4)}`),
    examples,
  );
  const signal = AbortSignal.any([terminal.interrupted, AbortSignal.timeout(longest)]);
  const hands = handsFor(terminal, folder.configuration, signal);
  const began = performance.now();
  const story = { examples, candidate: bad === 'none' ? '1.3.0-sound' : '1.3.0', killMe: options['killMe'] === true, seed };
  try {
    const told = await tell(terminal, globals, folder, hands, say, story, signal);
    const report = await written(hands.sofare, folder.folder, terminal.directory, told);
    if (!asJson) await shown(hands.sofare, say);
    const happened = asTold(told, bad, story.killMe);
    say(sentence(told, performance.now() - began, report, happened));
    if (asJson) {
      const { verified: _verified, ...document } = told;
      terminal.write(`${JSON.stringify({ schema: 'sofare/demo@1', ...document, incident: report })}\n`);
    }
    return happened ? exit.done : exit.undecided;
  } finally {
    await hands.letGo();
    await handsFor(terminal, folder.configuration, new AbortController().signal).sofare(['down'], { quiet: true });
  }
};

/** Whether the story that the demo tells is what happened: caught or promoted, verified, nothing lost, nobody served by a version that was not ready. */
function asTold(told: Told, bad: string, killMe: boolean): boolean {
  const wanted = bad === 'none' ? 'promote' : 'rollback';
  const killed = !killMe || (told.killed && told.resumed);
  return told.decision === wanted && told.verified && told.lost_requests === 0 && told.served_by_unready === 0 && killed;
}

type Sofare = ReturnType<typeof handsFor>['sofare'];

async function written(sofare: Sofare, folder: string, directory: string, told: Told): Promise<string | null> {
  if (told.incident === null) return null;
  for (const format of ['html', 'json', 'md']) {
    await sofare(['incident', 'export', told.incident, '--format', format, '--out', join(folder, `incident.${format}`)], {
      quiet: true,
    });
  }
  const report = join(folder, 'incident.md');
  return existsSync(report) ? relative(directory, report) : null;
}

async function shown(sofare: Sofare, say: (text: string) => void): Promise<void> {
  for (const words of [['status'], ['history']]) say((await sofare(words, { quiet: true })).output);
}

function sentence(told: Told, took: number, report: string | null, happened: boolean): string {
  const { requests, failed_requests: failed, lost_requests: lost, served_by_unready: unready } = told;
  const time = (milliseconds: number | null): string => (milliseconds === null ? 'unknown' : duration(milliseconds));
  const end =
    told.decision === 'rollback'
      ? `${told.from} was caught ${time(told.detected_ms)} after its first answer and taken back: safe ${time(told.decided_to_safe_ms)} later, verified after ${time(told.safe_to_verified_ms)} more`
      : told.decision === 'promote'
        ? `${told.to} did no worse than ${told.from} and was promoted`
        : 'the guard did not decide in time';
  return [
    `${end}.`,
    `${requests.toLocaleString('en-US')} requests: ${failed} answered with an error by a model, ${lost} lost, ${unready} served by a version that was not ready.`,
    ...(told.killed ? [`The control process was killed and ${told.resumed ? 'resumed' : 'not resumed'}.`] : []),
    ...(report ? [`The incident report: ${report}`] : []),
    `${happened ? 'That is the story' : 'That is not the story it should be'}, told in ${duration(took)}.`,
  ].join('\n');
}
