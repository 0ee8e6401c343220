import { spawn } from 'node:child_process';
import { fail } from '../../model/errors.ts';
import type { Notifier } from '../../ports/notifier.ts';

const within = 10_000;

/** A command of the team's own, through the shell, in the folder of sofare.yaml, with the announcement as JSON on its standard input. */
export function commandNotifier(command: string, directory: string): Notifier {
  return {
    announce: (message, signal) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, {
          shell: true,
          cwd: directory,
          stdio: ['pipe', 'ignore', 'pipe'],
          signal: AbortSignal.any([signal, AbortSignal.timeout(within)]),
        });
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (part: string) => {
          said = (said + part).slice(-500);
        });
        child.stdin.on('error', () => {});
        child.stdin.end(`${JSON.stringify({ schema: 'sofare/announcement@1', ...message })}\n`);
        const failed = (why: string): void => {
          try {
            fail({
              code: 'target.unreachable',
              what: 'the team could not be told',
              why,
              touched: 'no',
              next: 'sofare resume --due',
            });
          } catch (error) {
            reject(error);
          }
        };
        child.once('error', (error) => failed(error.message));
        child.once('close', (code, ended) =>
          code === 0 ? resolve() : failed(`the command ended ${ended ? `by ${ended}` : `with ${code}`}: ${said.trim()}`),
        );
      }),
  };
}
