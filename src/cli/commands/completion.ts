import { exit, fail } from '../../model/errors.ts';
import { definitions } from '../definitions.ts';
import type { Run } from '../definition.ts';

/** Scripts are made from the table of commands, so that they cannot fall behind it. */
export const run: Run = async (terminal, _globals, [shell]) => {
  const names = definitions.map(({ usage }) => usage.split(' ')[0] ?? '');
  switch (shell) {
    case 'bash':
      terminal.write(bash(names));
      return exit.done;
    case 'zsh':
      terminal.write(`#compdef sofare\n_arguments '1:command:(${names.join(' ')})' '*::argument:_files'\n`);
      return exit.done;
    case 'fish':
      terminal.write(
        definitions
          .map(
            ({ usage, summary }) =>
              `complete -c sofare -n __fish_use_subcommand -a ${usage.split(' ')[0]} -d '${summary.replaceAll("'", '')}'\n`,
          )
          .join(''),
      );
      terminal.write(definitions.flatMap((definition) => fishOptions(definition)).join(''));
      return exit.done;
    default:
      return fail({
        code: 'usage',
        what: `there is no completion for ${String(shell)}`,
        why: 'bash, zsh and fish are known',
        touched: 'no',
        next: 'sofare completion bash',
      });
  }
};

function bash(names: readonly string[]): string {
  const cases = definitions.map(
    (definition) => `    ${definition.usage.split(' ')[0]}) words="${flagsOf(definition).join(' ')}" ;;`,
  );
  return `_sofare() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="${names.join(' ')}"
  if [ "$COMP_CWORD" -gt 1 ]; then
    words=""
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _sofare sofare
`;
}

function flagsOf({ options, changes }: (typeof definitions)[number]): readonly string[] {
  const own = (options ?? []).map(([flags]) => flags.match(/--[a-z-]+/)?.[0] ?? '');
  return [...own, ...(changes ? ['--yes', '--reason'] : []), '--config', '--output', '--model', '--registry', '--help'].filter(
    (flag) => flag !== '',
  );
}

function fishOptions(definition: (typeof definitions)[number]): readonly string[] {
  const command = definition.usage.split(' ')[0];
  return flagsOf(definition).map(
    (flag) => `complete -c sofare -n '__fish_seen_subcommand_from ${command}' -l ${flag.slice(2)}\n`,
  );
}
