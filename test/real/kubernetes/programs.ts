import { ownFolder } from './own-folder.ts';
import { type Program, startProgram } from './program.ts';

/** Programs that belong together, in a folder of their own: all of it ends at once, or with the process that started them. */
export class Programs implements AsyncDisposable {
  readonly #folder = ownFolder('kubernetes');
  readonly running: Program[] = [];

  /** The folder that they run in: logs (NAME.log), keys, data. */
  get folder(): string {
    return this.#folder.path;
  }

  start(name: string, words: readonly string[]): Program {
    const program = startProgram(name, words, this.#folder);
    this.running.push(program);
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.running.map((program) => program.end()));
    await this.#folder.remove();
  }
}
