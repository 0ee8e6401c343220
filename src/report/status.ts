import type { TargetChoice } from '../decide/rollback-target.ts';
import type { Hold, Quarantine } from '../model/history.ts';
import type { CountersReading, HostedService, Outage } from '../model/hosting.ts';
import type { Plan } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import type { Writer } from '../model/writer.ts';
import type { Situation } from '../operate/situation.ts';
import { type BackView, backView } from './back.ts';
import type { Flags } from './command.ts';
import { type Condition, conditionOf, nextCommand } from './condition.ts';
import { documentOf } from './document.ts';
import { type LaneView, laneView, type OwnerLife } from './lane.ts';
import { differencesOf } from './reality.ts';
import { signalsOf, type VersionSignals } from './signals.ts';

/** Everything the status of one service is made of, read once. */
export interface StatusInput {
  readonly service: Pick<Service, 'name' | 'model' | 'serving'>;
  readonly situation: Situation;
  /** Whether the local host answers; `none` where it serves nothing of this. */
  readonly host: 'up' | 'down' | 'none';
  readonly hosted: HostedService | null;
  /** Cumulative counters, oldest first; one is enough, several give a window and a line of the past. */
  readonly readings: readonly CountersReading[];
  /** Of the process that owns the operation on the lane. */
  readonly owner: OwnerLife;
  /** Where a rollback by a person would go; null where nothing is in production. */
  readonly choice: TargetChoice | null;
  readonly expected: Plan['expected'];
  /** Which state was used, and how it was found. */
  readonly state: string;
  readonly now: number;
  readonly flags?: Flags;
}

export interface ServingView {
  readonly version: string;
  readonly share: number;
  readonly ready: number;
  readonly wanted: number;
  readonly restarts: number;
  readonly failed: string | null;
  readonly quarantined: boolean;
  readonly since: number | null;
}

export interface StatusView {
  readonly service: string;
  readonly model: string;
  readonly served: boolean;
  readonly host: StatusInput['host'];
  readonly state: string;
  readonly condition: Condition;
  readonly address: string | null;
  readonly serving: readonly ServingView[];
  /** The last time that the local host had died and clients had no answer; null: never. */
  readonly lastOutage: Outage | null;
  readonly pointer: string | null;
  readonly differences: readonly string[];
  /** Who else writes what holds the weights. */
  readonly writers: readonly Writer[];
  readonly signals: readonly VersionSignals[];
  /** Milliseconds that the signals cover; null: since the service was first served. */
  readonly window: number | null;
  readonly operation: LaneView | null;
  readonly hold: Hold | null;
  readonly quarantined: readonly Quarantine[];
  readonly back: BackView | null;
  readonly next: string | null;
}

export function statusView(input: StatusInput): StatusView {
  const { service, situation, host, hosted, readings, choice, expected, now } = input;
  const { observation, lane, tenures, quarantined, hold } = situation;
  const served = service.serving !== null;
  const readyCopies = (version: string): number =>
    observation.target?.versions[version]?.copies.filter(({ ready }) => ready).length ?? 0;
  const chosen = choice?.kind === 'target' ? readyCopies(choice.version) : 0;
  const [first, last] = [readings[0], readings.at(-1)];
  const view = {
    service: service.name,
    model: service.model,
    served,
    host,
    state: input.state,
    address: hosted?.address ?? observation.traffic?.address ?? null,
    serving: served ? servingOf(situation) : [],
    lastOutage: hosted?.lastOutage ?? null,
    pointer: observation.pointer,
    differences: [
      ...(hosted?.listenProblem ? [`nothing listens for clients: ${hosted.listenProblem}`] : []),
      ...differencesOf(situation),
    ],
    writers: observation.traffic?.writers ?? [],
    signals: signalsOf(readings),
    window: first && last && readings.length > 1 ? last.at - first.at : null,
    operation: lane ? laneView(lane, input.owner) : null,
    hold,
    quarantined: [...quarantined.values()],
    back: choice ? backView({ choice, tenures, readyCopies: chosen, expectedSafe: expected?.safe ?? null, now }) : null,
  };
  const condition = conditionOf(view);
  return { ...view, condition, next: nextCommand({ ...view, condition }, input.flags ?? []) };
}

export function statusDocument(views: readonly StatusView[]): string {
  return documentOf('status', { services: views });
}

function servingOf({ observation, quarantined, tenures }: Situation): readonly ServingView[] {
  const { traffic, target } = observation;
  const weights = traffic?.weights ?? {};
  return [...new Set([...Object.keys(weights), ...Object.keys(target?.versions ?? {})])]
    .map((version) => {
      const seen = target?.versions[version];
      return {
        version,
        share: weights[version] ?? 0,
        ready: seen?.copies.filter(({ ready }) => ready).length ?? 0,
        wanted: seen?.wanted ?? 0,
        restarts: seen?.copies.reduce((sum, { restarts }) => sum + restarts, 0) ?? 0,
        failed: seen?.failed ?? null,
        quarantined: quarantined.has(version),
        since: tenures.find((tenure) => tenure.version === version && tenure.until === null)?.since ?? null,
      };
    })
    .toSorted((one, other) => other.share - one.share);
}
