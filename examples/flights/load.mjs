// @ts-check
// Replays a day of flights against a server and keeps a ledger of what became of every request.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { LateLabels } from './replay/late-labels.mjs';
import { readOptions, usage } from './replay/options.mjs';
import { Replay } from './replay/replay.mjs';
import { readRows } from './rows.mjs';
import { isFailed, isLost } from './tally.mjs';

/** As long as labels on their way out are waited for at the end: their reader may have stopped reading. */
const labelsFlushedWithin = 2_000;

/** @returns {import('./replay/options.mjs').Options} */
function optionsOrExit() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

const options = optionsOrExit();
const ledger = createWriteStream(options.ledger);
// process.stdout would write to a pipe synchronously, and a slow reader of labels would hold the requests up.
const out = createWriteStream('', { fd: 1, autoClose: false });
out.on('error', () => labels?.drop());
const labels = options.labelsAfter === null ? null : new LateLabels(options.labelsAfter, (line) => out.write(line));
const totals = { requests: 0, failed: 0, lost: 0 };
const began = performance.now();

const replay = new Replay(options, readRows(options.rows), (entry, row) => {
  ledger.write(`${JSON.stringify(entry)}\n`);
  totals.requests += 1;
  if (isFailed(entry)) totals.failed += 1;
  if (isLost(entry)) totals.lost += 1;
  if (entry.status === 200) labels?.later(entry.id, row.label);
});

/** @type {() => void} */
let stop = () => {};
const told = new Promise((resolve) => {
  stop = () => resolve('told');
});
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (options.stopWithStdin) process.stdin.on('end', stop).on('error', stop).resume();

await Promise.race([replay.start(), told]);
const stopped = replay.stop();
if (replay.inFlight > 0) console.error(`no more are sent, ${replay.inFlight} in flight`);
await stopped;
await Promise.race([labels?.all(), told]);
labels?.drop();
ledger.end(
  `${JSON.stringify({ end: true, ...totals, labelled: labels?.told ?? 0, seconds: (performance.now() - began) / 1_000 })}\n`,
);
await once(ledger, 'finish');
if (labels) {
  await new Promise((resolve) => {
    out.end(resolve);
    setTimeout(resolve, labelsFlushedWithin);
  });
}
process.exit(0);
