import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult, Suite } from './suite.ts';

/** Runs the fixture of a suite, or the file that its variable names. A file that is empty, unreadable or of another form is one failure. */
export async function runSuite(
  suite: Suite,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly CaseResult[]> {
  const file = environment[suite.variable] || join(import.meta.dirname, suite.file);
  try {
    const results = await suite.run(JSON.parse(readFileSync(file, 'utf8')));
    return results.length > 0 ? results : [{ id: file, failure: 'there is no case in it' }];
  } catch (error) {
    return [{ id: file, failure: error instanceof Error ? error.message : String(error) }];
  }
}
