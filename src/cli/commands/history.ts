import { lifeOf } from '../../execute/lease.ts';
import { listOperations } from '../../execute/read.ts';
import { exit } from '../../model/errors.ts';
import { knownGood } from '../../operate/situation.ts';
import { readHistory } from '../../registry/history.ts';
import { tenures } from '../../registry/tenures.ts';
import { historyDocument, historyView } from '../../report/history.ts';
import { historyText } from '../../report/history-text.ts';
import { countOf, textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'registry' });
  const { engine } = session;
  const { store, service } = engine;
  const limit = countOf(options['number'], 20);
  const events = await readHistory(store.read, service.name, { limit: Math.max(1000, limit * 10) });
  const operations = await listOperations(store.read, service.name, limit);
  const left = new Set<string>();
  for (const each of operations) if (each.owner !== null && (await lifeOf(engine, each)) === 'gone') left.add(each.id);
  const view = historyView({
    service: service.name,
    served: service.serving !== null,
    operations,
    events,
    tenures: tenures(events, service.serving ? 'share' : 'pointed'),
    knownGood: (tenure) => knownGood(engine, tenure),
    interrupted: ({ id }) => left.has(id),
    limit,
  });
  screenFor(terminal, globals).show(
    () => historyDocument(view),
    (paper) => historyText(view, paper),
  );
  return exit.done;
};
