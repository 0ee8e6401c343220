import type { Definition } from './definition.ts';
import { policyDefinition } from './policy-definition.ts';
import { replayOptions } from './replay-options.ts';

const steps = ['--steps <shares>', 'shares of the version moved to, such as 10,50,100'] as const;
const every = ['--every <duration>', 'time at each share, such as 60s'] as const;
const expected = ['--from <version>', 'refuse unless this version is the one being left'] as const;
const override = ['--override <check>', 'pass a check by its name; may be given again'] as const;
const timeout = ['--timeout <duration>', 'stop after this long; the operation can be resumed'] as const;

/** Every command there is, in the order of the help page. */
export const definitions: readonly Definition[] = [
  {
    usage: 'init',
    summary: 'look around and write sofare.yaml',
    load: () => import('./commands/init.ts'),
    options: [['--force', 'write over an existing sofare.yaml']],
  },
  {
    usage: 'adopt <version> [paths...]',
    summary: 'take what serves now into the history; moves nothing',
    changes: true,
    load: () => import('./commands/adopt.ts'),
    options: [
      ['--service <name>', 'the service'],
      ['--since <time>', 'since when it has served'],
      ['--deployment <name>', 'the Deployment that serves it now, with its earlier revisions'],
      ['--revision <number=version...>', 'which version a revision was, where its labels and tag do not say'],
    ],
  },
  {
    usage: 'register <words...>',
    summary: 'register [SERVICE] VERSION PATH... as a candidate',
    changes: true,
    load: () => import('./commands/register.ts'),
    options: [
      ['--draft', 'register as a draft'],
      ['--uri <uri>', 'reference bytes where they are, with --digest and --size'],
      ['--digest <digest>', 'sha256:HEX of the referenced bytes'],
      ['--size <bytes>', 'size of the referenced bytes'],
      ['--image <image>', 'container image by digest'],
      ['--configuration <name=value...>', 'configuration of the bundle'],
      ['--environment <name=value...>', 'environment of the bundle'],
      ['--metric <name=value...>', 'what was measured of this version'],
      ['--parameter <name=value...>', 'what it was trained with'],
      ['--run <id>', 'the training run it comes from'],
      ['--changelog <text>', 'what changed'],
      ['--breaking <text...>', 'a breaking change'],
      ['--migration <text...>', 'a declared migration'],
    ],
  },
  {
    usage: 'release <version>',
    summary: 'mark a version as released by hand',
    changes: true,
    load: () => import('./commands/release.ts'),
  },
  {
    usage: 'list [service]',
    summary: 'versions of a model',
    load: () => import('./commands/list.ts'),
    options: [['-n, --number <count>', 'at most this many']],
  },
  {
    usage: 'show <version>',
    summary: 'one version with its bundle',
    load: () => import('./commands/show.ts'),
    options: [['--verify', 'hash every stored file']],
  },
  { usage: 'compare <from> <to>', summary: 'what differs between two versions', load: () => import('./commands/compare.ts') },
  {
    usage: 'changelog [service]',
    summary: 'changes between two versions as Markdown',
    load: () => import('./commands/changelog.ts'),
    options: [
      ['--since <version>', 'after this version'],
      ['--to <version>', 'up to this version'],
    ],
  },
  { usage: 'current [service]', summary: 'the version in production', load: () => import('./commands/current.ts') },
  {
    usage: 'get-previous [service]',
    summary: 'the version a rollback would go to',
    load: () => import('./commands/get-previous.ts'),
  },
  {
    usage: 'history [service]',
    summary: 'what served when, by whom and why',
    load: () => import('./commands/history.ts'),
    options: [['-n, --number <count>', 'at most this many']],
  },
  {
    usage: 'status [service]',
    summary: 'what serves, how it does, and whether it could go back',
    load: () => import('./commands/status.ts'),
    options: [['-w, --watch', 'redraw what changes until stopped']],
  },
  {
    usage: 'deprecate <version>',
    summary: 'mark a version as never to be deployed again',
    changes: true,
    load: () => import('./commands/deprecate.ts'),
  },
  {
    usage: 'attest <version>',
    summary: 'swear that a version served well at a time sofare did not see',
    changes: true,
    load: () => import('./commands/attest.ts'),
    options: [
      ['--since <time>', 'from when'],
      ['--until <time>', 'until when'],
    ],
  },
  { usage: 'hold [service]', summary: 'keep new versions out', changes: true, load: () => import('./commands/hold.ts') },
  { usage: 'unhold [service]', summary: 'let new versions in again', changes: true, load: () => import('./commands/unhold.ts') },
  {
    usage: 'quarantine <version>',
    summary: 'never go back to this version',
    changes: true,
    load: () => import('./commands/quarantine.ts'),
  },
  {
    usage: 'unquarantine <version>',
    summary: 'lift a quarantine',
    changes: true,
    load: () => import('./commands/unquarantine.ts'),
  },
  {
    usage: 'up',
    summary: 'start the local host and what it is to serve',
    load: () => import('./commands/up.ts'),
    options: [['--unsupervised', 'never resume operations by itself']],
  },
  { usage: 'down', summary: 'stop the local host and everything it serves', load: () => import('./commands/down.ts') },
  {
    usage: 'logs [service]',
    summary: 'what the copies of a version wrote',
    load: () => import('./commands/logs.ts'),
    options: [
      ['--version <version>', 'only this version'],
      ['-n, --number <lines>', 'the last lines of each'],
      ['-f, --follow', 'go on as they are written'],
    ],
  },
  {
    usage: 'label <service> [file]',
    summary: 'tell what the right answers were: lines {id,label,at}',
    load: () => import('./commands/label.ts'),
  },
  {
    usage: 'deploy <version>',
    summary: 'bring a version into production, at once or in steps',
    changes: true,
    load: () => import('./commands/deploy.ts'),
    options: [
      ['--canary <file>', "a rollout policy: Argo's Rollout with its templates"],
      steps,
      every,
      expected,
      override,
      timeout,
      ['--plan', 'only show the plan'],
    ],
  },
  {
    usage: 'promote [service]',
    summary: 'give the version of the open deploy all traffic, or go on with its policy',
    changes: true,
    load: () => import('./commands/promote.ts'),
    options: [['--full', 'all traffic at once, whatever steps a policy has left'], expected, override, timeout],
  },
  {
    usage: 'abort [service]',
    summary: 'take the open deploy back',
    changes: true,
    load: () => import('./commands/abort.ts'),
    options: [expected, timeout],
  },
  {
    usage: 'guard [service]',
    summary: 'watch the open deploy until it is promoted, taken back or undecided',
    changes: true,
    load: () => import('./commands/guard.ts'),
    options: [['--for <duration>', 'shortest time to watch'], ...replayOptions, override, timeout],
  },
  {
    usage: 'rollback [service]',
    summary: 'take production back to the last known good version',
    changes: true,
    load: () => import('./commands/rollback.ts'),
    options: [
      ['--to <version>', 'go to this version'],
      ['--version <version>', 'the same as --to'],
      expected,
      ['--plan', 'only show the plan'],
      ['--out <file>', 'with --plan: write it to a file'],
      ['--apply <file>', 'carry out a plan that was written, if the world is as it was'],
      ['--instant', 'all traffic in one move (default)'],
      steps,
      every,
      ['--emergency', 'skip waits; take the lane even from a rollback'],
      ['--supersede <operation>', 'push this rollback aside'],
      timeout,
      ['--detach', 'let the local host carry it out'],
      override,
    ],
  },
  {
    usage: 'resume [operation]',
    summary: 'go on with an interrupted operation',
    changes: true,
    load: () => import('./commands/resume.ts'),
    options: [
      ['--due', 'go on with all that dead processes left, and do the tasks that are due'],
      ['--abandon', 'end it where it stands'],
      override,
      timeout,
    ],
  },
  {
    usage: 'incident <action> [words...]',
    summary: 'list, show [N], note N TEXT, export [N]; without N the newest',
    load: () => import('./commands/incident.ts'),
    options: [
      ['--format <format>', 'md, json or html'],
      ['--out <file>', 'write to a file'],
      ['--section <section>', 'of a note: timeline, impact, root-cause, resolution, action-items'],
    ],
  },
  {
    usage: 'demo',
    summary: 'see a bad model caught and taken back, on this machine',
    load: () => import('./commands/demo.ts'),
    options: [
      ['--kill-me', 'kill the control process in the middle, then resume'],
      ['--bad <what>', 'none: the new version is sound'],
      ['--seed <number>', 'fixes order, ids and arms'],
      ['--clean', 'remove the runs of earlier demos'],
    ],
  },
  policyDefinition,
  { usage: 'config <action>', summary: 'check, print or schema', load: () => import('./commands/config.ts') },
  {
    usage: 'completion <shell>',
    summary: 'a completion script for bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
  { usage: 'version', summary: 'the version of sofare', load: () => import('./commands/version.ts') },
];
