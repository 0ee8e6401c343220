import { existsSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exit, fail } from '../../model/errors.ts';
import { visible } from '../../report/visible.ts';
import { countOf, textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { paperOf } from '../screen.ts';
import { openService } from '../session.ts';

const lines = 50;
const readAtMost = 1_048_576;

export const run: Run = async (terminal, globals, [service], options) => {
  await using session = await openService(terminal, globals, textOf(service), { purpose: 'registry' });
  const { configuration, engine } = session;
  const cluster = engine.service.serving?.cluster;
  if (cluster)
    fail({
      code: 'usage',
      what: `the logs of ${engine.service.name} are in its cluster`,
      why: 'what pods write is kept there, and never copied here',
      touched: 'no',
      next: [
        'kubectl',
        ...(cluster.context === null ? [] : ['--context', cluster.context]),
        ...(cluster.namespace === null ? [] : ['-n', cluster.namespace]),
        'logs',
        '-l',
        `sofare.dev/service=${engine.service.name}`,
        '--prefix',
      ].join(' '),
    });
  const folder = configuration ? join(configuration.host, 'logs', engine.service.name) : '';
  const only = textOf(options['version']);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith('.log') && (only === null || file.startsWith(`${only}.`)))
    : [];
  if (files.length === 0)
    fail({
      code: 'service.unknown',
      what: `there are no logs of ${engine.service.name}${only === null ? '' : ` ${only}`}`,
      why: 'nothing of it ran here',
      touched: 'no',
      next: 'sofare status',
    });
  const paper = paperOf(terminal, globals);
  const print = (file: string, text: string): void => terminal.write(`${file.replace(/\.log$/, '')}  ${visible(text, paper)}\n`);
  const places = new Map<string, number>();
  for (const file of files) {
    const { text, end } = await readFrom(join(folder, file), null);
    places.set(file, end);
    for (const line of text
      .split('\n')
      .filter((each) => each !== '')
      .slice(-countOf(options['number'], lines)))
      print(file, line);
  }
  while (options['follow'] === true && !terminal.interrupted.aborted) {
    await pause(200, undefined, { signal: terminal.interrupted }).catch(() => {});
    for (const file of files) {
      const { text, end } = await readFrom(join(folder, file), places.get(file) ?? 0);
      places.set(file, end);
      for (const line of text.split('\n').filter((each) => each !== '')) print(file, line);
    }
  }
  return exit.done;
};

/** From a place, or the last part of the file. A file that has become shorter was rotated, and is read from its beginning. */
async function readFrom(file: string, place: number | null): Promise<{ readonly text: string; readonly end: number }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const start = place === null ? Math.max(0, size - readAtMost) : place > size ? 0 : place;
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(Math.min(size - start, readAtMost)),
      0,
      Math.min(size - start, readAtMost),
      start,
    );
    return { text: buffer.subarray(0, bytesRead).toString('utf8'), end: start + bytesRead };
  } finally {
    await handle.close();
  }
}
