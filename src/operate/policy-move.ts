import { analysesOf } from '../decide/policy/judge-policy.ts';
import { readPolicy } from '../decide/policy/read-policy.ts';
import type { Engine } from '../execute/engine.ts';
import { worldOf } from '../execute/world.ts';
import { fail } from '../model/errors.ts';
import type { PlannedPolicy, Step } from '../model/plan.ts';
import type { Finding, RolloutPolicy } from '../model/policy.ts';
import { readyCopies } from '../plan/move.ts';
import { policySteps } from '../plan/policy-steps.ts';
import { whyNoFresh } from './fresh-baseline.ts';
import type { Situation } from './situation.ts';

/** A policy file as it was read. */
export interface PolicyFile {
  readonly file: string;
  readonly text: string;
}

export interface PolicyMoved {
  /** Absent where the policy is passed over: a first deploy, or one within the rollback window. */
  readonly byPolicy?: { readonly steps: readonly Step[]; readonly policy: PlannedPolicy; readonly fresh: boolean };
  /** Null: as the service says. */
  readonly keepLeft: number | null;
  readonly notes: readonly string[];
}

/** What a policy makes of a deploy. Everything that it or the target cannot do is said here, before anything moves. */
export async function policyMove(
  engine: Engine,
  situation: Situation,
  { file, text }: PolicyFile,
  to: string,
  first: boolean,
): Promise<PolicyMoved> {
  const from = situation.serving ?? situation.observation.pointer;
  const { policy, findings } = readPolicy(text, { latest: to, stable: from ?? to }, false);
  if (!policy) refuse(file, findings);
  if (!engine.service.serving || !engine.world)
    impossible(file, `nothing of ${engine.service.name} is served here, so there is no traffic to share`);
  if (first || from === null) return { keepLeft: null, notes: said(file, findings) };
  await requireAbilities(engine, file, policy);
  const ready = readyCopies(situation.observation, to);
  if (ready > 0 && inWindow(situation, to, policy.rollbackWindow))
    return {
      keepLeft: null,
      notes: [`${to} served within the rollback window and still runs: steps and analyses are passed over`],
    };
  const fresh = wantsFresh(policy);
  const made = policySteps({
    policy,
    from,
    to,
    copies: engine.service.serving.target.copies,
    ready,
    golden: (engine.service.serving.golden?.length ?? 0) > 0,
    fresh,
  });
  if (made.impossible !== null) impossible(file, made.impossible);
  const { strategy, progressDeadlineAbort, keptAfterAbort } = policy;
  return {
    byPolicy: { fresh, steps: made.steps, policy: { file, background: made.background, progressDeadlineAbort, keptAfterAbort } },
    keepLeft: strategy.kind === 'blueGreen' ? strategy.keptBefore : null,
    notes: [...said(file, findings), ...boundOf(policy)],
  };
}

async function requireAbilities(engine: Engine, file: string, policy: RolloutPolicy): Promise<void> {
  const { target, traffic } = worldOf(engine);
  if (!target.can.sideBySide) impossible(file, 'the target cannot run two versions side by side');
  if (policy.strategy.kind === 'canary' && !traffic.can.weights) impossible(file, 'the traffic path cannot be split by shares');
  const providers = analysesOf(policy).flatMap(({ analysis }) => analysis.metrics.map(({ provider }) => provider));
  if (!traffic.can.counts && providers.some(({ kind }) => kind === 'proxy' || kind === 'sequential'))
    impossible(file, 'sofare/proxy and sofare/sequential need a traffic path that counts requests by version');
  const noFresh = wantsFresh(policy) ? whyNoFresh({ target, traffic }) : null;
  if (noFresh) impossible(file, `sofare/sequential with baseline: fresh: ${noFresh}`);
  for (const provider of providers) {
    const [missing] =
      provider.kind === 'proxy' || provider.kind === 'sequential' ? [] : ((await engine.metrics?.missing(provider)) ?? []);
    if (missing !== undefined) impossible(file, `a metric names the variable ${missing}, which is not set`);
  }
}

function wantsFresh(policy: RolloutPolicy): boolean {
  return analysesOf(policy).some(({ analysis }) =>
    analysis.metrics.some(({ provider }) => provider.kind === 'sequential' && provider.baseline === 'fresh'),
  );
}

/** Fewer than `revisions` other versions served after it. */
function inWindow({ tenures, serving }: Situation, to: string, revisions: number): boolean {
  if (revisions === 0) return false;
  const since = tenures.findIndex(({ version }) => version === to);
  const between = new Set(tenures.slice(0, Math.max(0, since)).map(({ version }) => version));
  between.delete(serving ?? '');
  return since >= 0 && between.size < revisions;
}

function said(file: string, findings: readonly Finding[]): readonly string[] {
  return findings.map(({ level, line, what }) => `${file}:${line}: ${level}: ${what}`);
}

function refuse(file: string, findings: readonly Finding[]): never {
  const errors = findings.filter(({ level }) => level === 'error');
  const [first] = errors;
  return fail({
    code: 'policy.invalid',
    what: first ? `${file}:${first.line}:${first.column}: ${first.what}` : `${file} holds no policy`,
    why: errors.length > 1 ? `and ${errors.length - 1} more` : 'nothing of a policy is left out without a word',
    touched: 'no',
    next: `sofare policy lint ${file}`,
  });
}

function impossible(file: string, why: string): never {
  return fail({
    code: 'policy.invalid',
    what: `${file} cannot be carried out here`,
    why,
    touched: 'no',
    next: `sofare policy lint ${file}`,
  });
}

/** What is known of the chance that it is wrong: of a fixed threshold nothing. */
function boundOf(policy: RolloutPolicy): readonly string[] {
  const metrics = analysesOf(policy).flatMap(({ analysis }) => analysis.metrics);
  return metrics.every(({ provider }) => provider.kind === 'sequential')
    ? []
    : ['the thresholds of a policy are fixed: nothing bounds the chance that they are wrong'];
}
