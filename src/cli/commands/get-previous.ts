import { chooseTarget } from '../../decide/rollback-target.ts';
import { exit, fail } from '../../model/errors.ts';
import { readSituation, targetSituation } from '../../operate/situation.ts';
import { backView } from '../../report/back.ts';
import { previousDocument, previousText } from '../../report/current.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand]) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'read' });
  const { engine } = session;
  const { service } = engine;
  const situation = await readSituation(engine, terminal.interrupted);
  const { lane, serving, observation } = situation;
  const from = lane?.kind === 'deploy' || lane?.kind === 'promote' ? lane.plan.to : (serving ?? observation.pointer);
  const choice =
    from === null
      ? { kind: 'none' as const, why: 'nothing is in production' }
      : chooseTarget(targetSituation(engine, situation, { from, person: true, excluded: [] }));
  const readyCopies =
    choice.kind === 'target'
      ? (observation.target?.versions[choice.version]?.copies.filter(({ ready }) => ready).length ?? 0)
      : 0;
  const back = backView({ choice, tenures: situation.tenures, readyCopies, expectedSafe: null, now: await engine.store.now() });
  if (back.version === null) {
    fail({
      code: 'rollback.no-way-back',
      what: `there is no version of ${service.name} to go back to`,
      why: back.why,
      touched: 'no',
      next: service.serving ? `sofare history ${service.name}` : `sofare history --model ${service.model}`,
    });
  }
  const view = { service: service.name, served: service.serving !== null, back };
  screenFor(terminal, globals).show(
    () => previousDocument(view),
    (paper) => previousText(view, paper, terminal.outputIsTerminal),
  );
  return exit.done;
};
