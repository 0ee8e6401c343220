import { exit } from '../model/errors.ts';
import { outputNames, type PipelineEnd } from './pipeline.ts';

/**
 * Lines for the file that `GITHUB_OUTPUT` names. The delimiter must be one that nobody can guess, so that no text of anybody can
 * end a value and begin another output.
 */
export function githubOutputs({ outputs }: PipelineEnd, delimiter: string): string {
  return outputNames.map((name) => `${name}<<${delimiter}\n${outputs[name]}\n${delimiter}\n`).join('');
}

/** The one annotation of a command: a line that the runner shows on the run and on the commit. */
export function githubAnnotation(end: PipelineEnd, service: string | null): string {
  const level =
    end.exit === exit.done ? 'notice' : end.exit === exit.undecided || end.exit === exit.pending ? 'warning' : 'error';
  const title = `${service ?? 'sofare'}: ${end.outputs.result}`;
  return `::${level} title=${property(title)}::${data(end.sentence)}\n`;
}

/** The step summary where no incident was opened. */
export function githubSummary(end: PipelineEnd, service: string | null): string {
  const rows = outputNames.filter((name) => end.outputs[name] !== '').map((name) => `| ${name} | ${cell(end.outputs[name])} |`);
  return [
    `### ${cell(service ?? 'sofare')}: ${end.outputs.result}`,
    '',
    cell(end.sentence),
    '',
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Text of anybody, so that it is only text in Markdown. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]()#+!|<>@~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
