import { activeWriters, type Observation } from '../model/observation.ts';
import type { Operation } from '../model/operation.ts';
import type { OperationKind, Plan, PlannedFrom, PlannedPolicy, Step } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import type { Writer } from '../model/writer.ts';
import { claimOf } from '../model/service-record.ts';
import { freshOf, isFresh } from '../model/fresh.ts';
import { fingerprintOf } from './fingerprint.ts';
import { notRolledBack } from './not-rolled-back.ts';
import { split } from './split.ts';

/** What is wanted of a move from one version to another. */
export interface Move {
  readonly service: Service;
  readonly kind: OperationKind;
  readonly observation: Observation;
  /** The operation on the lane that the move pushes aside, or null. */
  readonly preempts: Operation | null;
  readonly from: string | null;
  readonly to: string;
  readonly why: string;
  /** Shares of `to`, rising. The last may be under 100 only for a deploy. */
  readonly shares: readonly number[];
  /** Between shares; 0: no bake. */
  readonly every: number;
  readonly guarded: boolean;
  /** The new version is compared with fresh copies of the stable one. */
  readonly fresh?: boolean;
  readonly notes: readonly string[];
  readonly targetNamed: boolean;
  /** Whether a supervisor goes on when this process dies. */
  readonly supervised: boolean;
  readonly breaking: readonly string[];
  readonly expected: Plan['expected'];
  readonly keepLeft?: number | null;
  /** What a policy file makes of the move, instead of the shares. */
  readonly byPolicy?: { readonly steps: readonly Step[]; readonly policy: PlannedPolicy };
}

/** Makes the frozen steps of a move, leaving out what the observation shows to be true already. */
export function planMove(move: Move): Plan {
  const planned = plannedFrom(move.observation, move.preempts?.id ?? null);
  const fresh = freshBeside(move);
  return {
    service: move.service.name,
    kind: move.kind,
    from: move.from,
    to: move.to,
    why: move.why,
    steps: move.byPolicy
      ? move.byPolicy.steps
      : move.service.serving
        ? servedSteps(move, move.service.serving.target.copies)
        : [{ kind: 'point', version: move.to }],
    planned,
    fingerprint: fingerprintOf(planned),
    notRolledBack: notRolledBack(move.service, move.breaking),
    notes: [...move.notes, ...activeWriters(move.observation.traffic).map((writer) => writesToo(writer, pauses(move)))],
    continues: !move.service.serving
      ? 'nobody until the next changing command'
      : move.supervised
        ? 'the local host, within 60 s'
        : 'nobody until the next changing command',
    expected: move.expected,
    targetNamed: move.targetNamed,
    ...(fresh === null ? {} : { fresh }),
    ...(move.byPolicy ? { policy: move.byPolicy.policy } : {}),
    ...(move.keepLeft === undefined ? {} : { keepLeft: move.keepLeft }),
  };
}

/** A rollback holds the service, and `unhold` lets go on what was paused: nothing else pauses anybody. */
function pauses({ kind, service: { serving } }: Move): boolean {
  return kind === 'rollback' && serving?.cluster !== undefined && serving.traffic.owner === 'pause';
}

function writesToo({ called, pause }: Writer, paused: boolean): string {
  if (paused && pause !== null)
    return `${called} writes the weights too: it is paused before traffic moves, until: sofare unhold`;
  const first = pause === null ? '' : `; to keep it from that: ${pause}`;
  return `${called} writes the weights too: what it puts back is written once more, then the operation waits for a person${first}`;
}

function servedSteps(move: Move, copies: number): readonly Step[] {
  const { to, from, observation } = move;
  const steps: Step[] = [];
  const asleep = readyCopies(observation, to) < copies;
  if (asleep) steps.push({ kind: 'wake', version: to, copies });
  if (move.fresh && from !== null) steps.push({ kind: 'wake', version: freshOf(from), copies });
  // What serves already, or was just taken back to and never stopped, has proved itself: nothing comes before its traffic.
  if (golden(move) && (asleep || move.kind === 'deploy')) steps.push({ kind: 'prove', version: to });
  for (const [position, share] of move.shares.entries()) {
    steps.push({ kind: 'route', weights: split(to, from, share, move.fresh === true), point: share === 100 ? to : null });
    const final = position === move.shares.length - 1;
    if (move.every > 0 && share < 100) {
      steps.push({
        kind: 'bake',
        version: to,
        for: move.every,
        guarded: move.guarded,
        last: final || move.shares[position + 1] === 100,
      });
    }
  }
  if (move.shares.at(-1) === 100) steps.push({ kind: 'confirm', version: to });
  return steps;
}

function golden({ service }: Move): boolean {
  return (service.serving?.golden?.length ?? 0) > 0;
}

/** Those of this move, of the operation that it pushes aside, or what an earlier one left running. */
function freshBeside({ fresh, from, preempts, observation }: Move): string | null {
  if (fresh && from !== null) return freshOf(from);
  return preempts?.plan.fresh ?? Object.keys(observation.target?.versions ?? {}).find(isFresh) ?? null;
}

export function readyCopies(observation: Observation, version: string): number {
  return observation.target?.versions[version]?.copies.filter((copy) => copy.ready).length ?? 0;
}

export function plannedFrom(observation: Observation, operation: string | null): PlannedFrom {
  return {
    weights: observation.traffic?.weights ?? {},
    digests: Object.fromEntries(
      Object.values(observation.target?.versions ?? {}).map((each) => [each.version, each.bundleDigest]),
    ),
    pointer: observation.pointer,
    fence: observation.fence,
    operation,
    ...(observation.record ? { record: claimOf(observation.record.value) } : {}),
  };
}
