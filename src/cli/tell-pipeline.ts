import { appendFileSync } from 'node:fs';
import { systemRandom } from '../adapters/system/random.ts';
import type { PipelineEnd } from '../report/pipeline.ts';
import type { Terminal } from './terminal.ts';

/** True where a GitHub runner, or one that speaks as it does, runs this command. */
export function isInPipeline(terminal: Terminal): boolean {
  return terminal.environment['GITHUB_ACTIONS'] === 'true';
}

/**
 * Tells the pipeline how a command ended: outputs for later steps, the step's summary, one annotation. `summary` is the incident in
 * Markdown, or null. The annotation goes to stderr, since stdout may be a document that somebody reads; the runner looks at both.
 */
export async function tellPipeline(
  terminal: Terminal,
  service: string | null,
  end: PipelineEnd,
  summary: string | null,
): Promise<void> {
  const { githubAnnotation, githubOutputs, githubSummary } = await import('../report/github.ts');
  append(terminal, 'GITHUB_OUTPUT', githubOutputs(end, `end-${systemRandom.word(24)}`));
  append(terminal, 'GITHUB_STEP_SUMMARY', summary ?? githubSummary(end, service));
  terminal.writeError(githubAnnotation(end, service));
}

/** A file that cannot be written must not make a rollback that was done look as if it had failed. */
function append(terminal: Terminal, name: string, text: string): void {
  const file = terminal.environment[name];
  if (file === undefined || file === '') return;
  try {
    appendFileSync(file, text);
  } catch (error) {
    terminal.writeError(`${name} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
