// npm run pages: writes the pages that are made from tables of the program: docs/errors.md and docs/commands.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitions } from '../src/cli/definitions.ts';
import { exit, problemCodes } from '../src/model/errors.ts';

const docs = join(import.meta.dirname, '..', 'docs');

export function errorsPage() {
  const rows = Object.entries(problemCodes).map(([code, problem]) => `| \`${code}\` | ${problem.exit} | ${problem.means} |`);
  return `# Errors

Every error has five fields, in text and with \`-o json\` (schema \`sofare/error@1\`): a stable \`code\`, \`what\` happened, \`why\`, whether
\`production\` is untouched, changed or unknown, and the \`next\` command to paste.

| code | exit | what it means |
| --- | ---: | --- |
${rows.join('\n')}
`;
}

const meanings = {
  done: 'done, or nothing to do',
  bug: 'a defect of sofare',
  usage: 'usage or configuration',
  notFound: 'not found',
  refused: 'a check refused',
  laneTaken: 'another operation holds the lane of the service',
  pending: 'changes pending, or confirmation needed',
  notReady: 'a version never became ready',
  takenBack: 'the version was taken back, verified',
  unverified: 'acted, but not verified',
  stuck: 'stuck: a human is needed',
  undecided: 'the guard ended undecided',
  interrupted: 'time over or interrupted; can be resumed, or is continued elsewhere',
  unknown: 'the outcome is unknown',
};

export function commandsPage() {
  const rows = definitions.map(({ usage, summary }) => `| \`sofare ${usage}\` | ${summary} |`);
  const options = definitions
    .filter(({ options }) => options)
    .map(
      ({ usage, options, changes }) =>
        `### ${usage.split(' ')[0]}\n\n${[
          ...options,
          ...(changes
            ? [
                ['-y, --yes', 'do not ask'],
                ['--reason <text>', 'why; asked for on a terminal, else "none given"'],
              ]
            : []),
        ]
          .map(([flags, text]) => `- \`${flags}\`: ${text}`)
          .join('\n')}`,
    );
  return `# Commands

\`SERVICE\` may be left out when there is exactly one; a version is \`[SERVICE@]VERSION\`. Every screen has \`-o json\` with a \`schema\`. Data
goes to stdout, progress to stderr; prompts appear on a terminal only.

| command | |
| --- | --- |
${rows.join('\n')}

## Exit codes

2 to 7 mean that traffic and pointer were proved untouched.

| exit | |
| ---: | --- |
${Object.entries(exit)
  .map(([name, code]) => `| ${code} | ${meanings[name]} |`)
  .join('\n')}

## Options

Everywhere: \`-c FILE\`, \`-o text|json\`, \`-q\`, \`--no-input\`, \`--no-color\`; \`--model NAME --registry DIR\` for a registry with nothing served.

${options.join('\n\n')}
`;
}

if (import.meta.main) {
  writeFileSync(join(docs, 'errors.md'), errorsPage());
  writeFileSync(join(docs, 'commands.md'), commandsPage());
}
