import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { exit, fail } from '../../model/errors.ts';
import type { LabelReceipt } from '../../model/hosting.ts';
import { labelsDocument, labelsText } from '../../report/labels.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

/** Lines are sent in batches, so that a stream that never ends is told as it comes. */
const batch = 500;
const atLeastEvery = 200;

export const run: Run = async (terminal, globals, [service, file]) => {
  await using session = await openService(terminal, globals, textOf(service), { purpose: 'read' });
  const { host, engine } = session;
  const name = engine.service.name;
  if (engine.service.serving?.cluster)
    fail({
      code: 'config.invalid',
      what: `${name} runs in a cluster, where no answers are kept`,
      why: 'the local host keeps those that go through its proxy, and joins labels with them',
      touched: 'no',
      next: 'count right and wrong answers where they are known, and name the counters under signals: { prometheus }',
    });
  if (!host)
    fail({
      code: 'target.unreachable',
      what: 'the local host does not run',
      why: 'it keeps the answers that labels are joined with',
      touched: 'no',
      next: 'sofare up',
    });
  if (!engine.service.serving?.labels)
    fail({
      code: 'config.invalid',
      what: `${name} has no labels configured`,
      why: 'labels: { answer: PATH } says which part of an answer a label is compared with',
      touched: 'no',
      next: 'sofare config print',
    });
  let total: LabelReceipt = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
  let waiting: string[] = [];
  let last = performance.now();
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    last = performance.now();
    total = add(total, await host.label(name, lines.join('\n'), AbortSignal.timeout(30_000)));
  };
  const source =
    file === undefined || file === '-'
      ? terminal.readInput()
      : createInterface({ input: createReadStream(String(file)), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of source) {
    waiting.push(line);
    if (waiting.length >= batch || performance.now() - last >= atLeastEvery) await flush();
  }
  await flush();
  screenFor(terminal, globals).show(
    () => labelsDocument(name, total),
    (paper) => labelsText(name, total, paper),
  );
  return exit.done;
};

function add(one: LabelReceipt, other: LabelReceipt): LabelReceipt {
  return {
    scored: one.scored + other.scored,
    unknown: one.unknown + other.unknown,
    duplicate: one.duplicate + other.duplicate,
    late: one.late + other.late,
    malformed: one.malformed + other.malformed,
  };
}
