import { runProgram } from './cli/program.ts';
import { Stopped } from './cli/stopped.ts';
import { systemTerminal } from './cli/system-terminal.ts';
import { isInPipeline, tellPipeline } from './cli/tell-pipeline.ts';
import { exitCodeOf, type Problem, ProblemError } from './model/errors.ts';

const terminal = systemTerminal();
const words = process.argv.slice(2);
try {
  process.exitCode = await runProgram(terminal, words);
} catch (error) {
  if (error instanceof Stopped) process.exit(error.exit);
  const problem = error instanceof ProblemError ? error.problem : defect(error);
  const { showProblem } = await import('./cli/screen.ts');
  showProblem(terminal, words, problem);
  if (isInPipeline(terminal)) {
    const { endOfProblem } = await import('./report/pipeline.ts');
    await tellPipeline(terminal, null, endOfProblem(problem, exitCodeOf(problem)), null);
  }
  process.exitCode = exitCodeOf(problem);
  // At a usual end the database is closed, and that writes.
  if (problem.code === 'disk.unsynced') process.exit();
}

function defect(error: unknown): Problem {
  return {
    code: 'bug',
    what: 'sofare met something it did not expect',
    why:
      error instanceof Error
        ? terminal.environment['SOFARE_DEBUG']
          ? (error.stack ?? error.message)
          : error.message
        : String(error),
    touched: 'unknown',
    next: 'sofare status; and report this with SOFARE_DEBUG=1 set',
  };
}
