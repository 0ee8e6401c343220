import type { Definition } from './definition.ts';

/** What `guard` takes to decide a recorded run again. */
export const replayOptions = [
  ['--replay <run>', 'decide a recorded run again (a file, or an operation), change nothing'],
  ['--alpha <rate>', 'with --replay: chance of a false rollback'],
  ['--tolerate <ratio>', 'with --replay: ratio of bad rates that is tolerated'],
  ['--limit <rate>', 'with --replay: rate of errors that no version may have'],
  ['--dispersion <factor>', 'with --replay: how many errors come at once'],
  ['--threshold <rate>', 'with --replay: what the fixed rules beside it allow, 1% unless said'],
] as const satisfies Definition['options'];
