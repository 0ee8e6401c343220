import { Command, CommanderError, Option } from 'commander';
import { exit, type ExitCode, fail } from '../model/errors.ts';
import { nearest } from '../registry/nearest.ts';
import type { Definition } from './definition.ts';
import { definitions } from './definitions.ts';
import type { Globals, Terminal } from './terminal.ts';

/** Reads the command line, runs the command, and says how it ended. Usage errors are thrown as problems. */
export async function runProgram(terminal: Terminal, words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  const program = new Command('sofare')
    .description('Crash-safe rollback of served machine-learning models')
    .exitOverride()
    .configureOutput({ writeOut: terminal.write, writeErr: () => {}, getOutHelpWidth: () => terminal.columns })
    .showHelpAfterError(false)
    .enablePositionalOptions(false)
    .helpCommand('help [command]', 'show the help of a command')
    .option('-V', 'print the version of sofare');
  program.action(async () => {
    if (program.opts()['V'] === true) {
      const { run } = await import('./commands/version.ts');
      code = await run(terminal, globalsOf(program.opts(), terminal), [], {});
    } else program.outputHelp();
  });
  for (const definition of definitions) define(program, definition, terminal, (ended) => (code = ended));
  requireCommand(program, words[0]);
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exit.done;
    fail({
      code: 'usage',
      what: error.message.replace(/^error: /, ''),
      why: 'the command line could not be understood',
      touched: 'no',
      next: `sofare ${words.find((word) => !word.startsWith('-')) ?? ''} --help`.replace('  ', ' '),
    });
  }
  return code;
}

/** Said before the words are parsed: to a program that also runs without a command, a misspelt one is only a word too many. */
function requireCommand(program: Command, word: string | undefined): void {
  const names = ['help', ...program.commands.map((command) => command.name())];
  if (word === undefined || word.startsWith('-') || names.includes(word)) return;
  const [like] = nearest(names, word);
  fail({
    code: 'usage',
    what: `there is no command ${word}`,
    why: like === undefined ? 'no command is like it' : `the nearest is ${like}`,
    touched: 'no',
    next: like === undefined ? 'sofare --help' : `sofare ${like} --help`,
  });
}

function define(
  program: Command,
  { usage, summary, options, changes, load }: Definition,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  const command = program.command(usage).description(summary).exitOverride();
  for (const [flags, description] of options ?? []) {
    command.addOption(
      flags.startsWith('--override')
        ? new Option(flags, description).argParser(collect).default([])
        : new Option(flags, description),
    );
  }
  if (changes)
    command.option('-y, --yes', 'do not ask').option('--reason <text>', 'why; asked for on a terminal, else "none given"');
  addGlobals(command);
  command.action(async (...given: unknown[]) => {
    const operands = given.slice(0, -2) as (string | string[] | undefined)[];
    const { run } = await load();
    ended(await run(terminal, globalsOf(command.opts(), terminal), operands, command.opts()));
  });
}

function addGlobals(command: Command): void {
  command
    .addOption(new Option('-c, --config <file>', 'the sofare.yaml to use'))
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addOption(new Option('-q, --quiet', 'no progress'))
    .addOption(new Option('--no-input', 'never ask'))
    .addOption(new Option('--no-color', 'no colour'))
    .addOption(new Option('--model <name>', 'a model of a registry with nothing served'))
    .addOption(new Option('--registry <folder>', 'the registry; .sofare/registry by default'));
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function globalsOf(options: Readonly<Record<string, unknown>>, terminal: Terminal): Globals {
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined);
  const [config, model, registry] = [text('config'), text('model'), text('registry')];
  return {
    output: options['output'] === 'json' ? 'json' : 'text',
    quiet: options['quiet'] === true,
    input: options['input'] !== false,
    color: options['color'] !== false && !terminal.environment['NO_COLOR'],
    ...(config === undefined ? {} : { config }),
    ...(model === undefined ? {} : { model }),
    ...(registry === undefined ? {} : { registry }),
  };
}
