import type { Finding } from '../model/policy.ts';
import type { Estimate } from '../decide/policy/stages.ts';
import { documentOf } from './document.ts';
import { duration } from './duration.ts';
import { paragraph } from './line.ts';
import { count, percent } from './number.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';

/** What lint says of a policy file. */
export interface PolicyLintView {
  readonly file: string;
  readonly strict: boolean;
  readonly findings: readonly Finding[];
  /** Null: the policy cannot be read, or no traffic was given. */
  readonly estimates: readonly Estimate[] | null;
  readonly traffic: { readonly perSecond: number; readonly errorRate: number };
}

export function policyLintDocument(view: PolicyLintView): string {
  return documentOf('policy-lint', { ...view, valid: isValid(view) });
}

export function isValid({ findings }: PolicyLintView): boolean {
  return !findings.some(({ level }) => level === 'error');
}

export function policyLintText(view: PolicyLintView, paper: Paper): string {
  const { file, findings, estimates } = view;
  const said = findings.flatMap(({ level, line, column, what }) =>
    paragraph(paper, [`${file}:${line}:${column}: ${level}: `], what),
  );
  const errors = findings.filter(({ level }) => level === 'error').length;
  const verdict =
    errors === 0
      ? `${file} is a policy that can be carried out`
      : `${file} has ${count(errors)} ${errors === 1 ? 'error' : 'errors'}`;
  return printed([
    ...said,
    ...(estimates ?? []).flatMap((each) => estimateLines(each, view, paper)),
    ...paragraph(paper, [], verdict),
  ]);
}

function estimateLines(
  { weight, lasts, requests, rise }: Estimate,
  { traffic }: PolicyLintView,
  paper: Paper,
): readonly string[] {
  const { perSecond, errorRate } = traffic;
  const stage = `at ${weight}%${lasts === 0 ? '' : ` for ${duration(lasts)}`}: `;
  const so = `with ${count(perSecond)} requests a second (${count(Math.round(requests))} of them the version's)`;
  const sees =
    rise === null
      ? `${so} this stage cannot tell a bad version from a good one by its errors`
      : `${so} this stage cannot see less than a ${rise.toFixed(1)}-fold rise of an error rate of ${percent(errorRate)}`;
  return paragraph(paper, [stage], sees);
}
