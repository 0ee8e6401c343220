import { replay, type Replay } from '../../src/decide/replay.ts';
import type { ArmDelta } from '../../src/model/evidence.ts';
import { noThresholds, type Recording } from '../../src/model/recording.ts';
import { start } from './sample-operations.ts';

const minute = 60_000;

function arm(requests: number, errors: number): ArmDelta {
  return { requests, errors, unanswered: 0, latency: [], right: 0, wrong: 0 };
}

/** Half an hour in which the stable version's errors come five at once, and the canary's grow from the tenth minute on. */
export const recordedRun: Recording = {
  version: '1.3.0',
  stable: '1.2.0',
  policy: null,
  thresholds: noThresholds,
  intervals: Array.from({ length: 30 }, (_, index) => ({
    id: index + 1,
    from: start + index * minute,
    to: start + (index + 1) * minute,
    canary: arm(60, index < 10 ? 0 : 4),
    baseline: arm(540, index % 3 === 0 ? 5 : 0),
  })),
};

export const replayedRun: Replay = replay(recordedRun, {}, 0.05);
