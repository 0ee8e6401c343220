import { exit, fail } from '../../model/errors.ts';
import { rollbackCandidates } from '../../operate/rollback-candidates.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../program.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand]) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'read' });
  const [best, ...others] = await rollbackCandidates(session.engine, terminal.interrupted);
  if (!best) {
    fail({
      code: 'rollback.no-way-back',
      what: `there is no version of ${session.engine.service.name} to go back to`,
      why: 'history holds no other version that held 100 %, is whole and is not quarantined',
      touched: 'no',
      next: `sofare history ${session.engine.service.serving ? session.engine.service.name : `--model ${session.engine.service.model}`}`,
    });
  }
  screenFor(terminal, globals).said({ schema: 'sofare/previous@1', service: session.engine.service.name, version: best.version, others: others.map(({ version }) => version) }, best.version);
  return exit.done;
};
