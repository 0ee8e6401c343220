import { exit } from '../../model/errors.ts';
import { listOperations } from '../../execute/read.ts';
import { readHistory } from '../../registry/history.ts';
import { tenures } from '../../registry/tenures.ts';
import { knownGood } from '../../operate/situation.ts';
import { countOf, textOf } from '../arguments.ts';
import type { Run } from '../program.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'read' });
  const { engine } = session;
  const { store, service } = engine;
  const count = countOf(options['number'], 20);
  const events = await readHistory(store.read, service.name, { limit: Math.max(1000, count * 10) });
  const held = tenures(events, service.serving ? 'share' : 'pointed').slice(0, count);
  screenFor(terminal, globals).history({
    service: service.name,
    tenures: held.map((tenure) => ({ tenure, knownGood: knownGood(engine, tenure) })),
    events: events.slice(0, count),
    operations: await listOperations(store.read, service.name, count),
  });
  return exit.done;
};
