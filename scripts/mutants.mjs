// npm run mutants [-- NAMES...]: makes one line of the program wrong at a time and shows which test of behaviour sees it.
import { mutants } from '../test/mutants/mutant.ts';
import { Workspace } from '../test/mutants/workspace.ts';

const asked = process.argv.slice(2);
const tried = mutants().filter(({ name }) => asked.length === 0 || asked.includes(name));
let caught = 0;
using workspace = new Workspace();
for (const mutant of tried) {
  const fate = workspace.passes(mutant) ? workspace.fateOf(mutant) : { kind: 'test fails without it', said: '' };
  if (fate.kind === 'caught') caught += 1;
  process.stdout.write(
    `${fate.kind === 'caught' ? '✓' : '✗'} ${mutant.name} (${mutant.rule}): ${fate.kind === 'caught' ? 'caught by' : `${fate.kind}:`} "${mutant.test}"\n`,
  );
  if (fate.kind !== 'caught') process.stdout.write(`${fate.said.trimEnd()}\n`);
}
const unknown = asked.filter((name) => !tried.some((mutant) => mutant.name === name));
for (const name of unknown) process.stdout.write(`✗ there is no mutant ${name}\n`);
process.stdout.write(`${caught} of ${tried.length} mutants caught\n`);
process.exitCode = caught === tried.length && tried.length > 0 && unknown.length === 0 ? 0 : 1;
