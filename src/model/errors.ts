/** Was production changed when the error was found? */
export type Touched = 'no' | 'yes' | 'unknown';

/** An error is a value. Everything a person needs at three in the morning, and a stable word for programs. */
export interface Problem {
  readonly code: ProblemCode;
  readonly what: string;
  readonly why: string;
  readonly touched: Touched;
  /** A command to paste, or a sentence where no command helps. */
  readonly next: string;
}

/** Exit codes of the command line. 2 to 7 mean traffic and pointer were proved untouched. */
export const exit = {
  done: 0,
  bug: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  laneTaken: 5,
  pending: 6,
  notReady: 7,
  takenBack: 8,
  unverified: 9,
  stuck: 10,
  undecided: 11,
  interrupted: 12,
  unknown: 13,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** Every code there is, with the exit it leads to and what it means. The page `docs/errors.md` is made from this table. */
export const problemCodes = {
  'bug': { exit: exit.bug, means: 'A defect of sofare itself.' },
  'usage': { exit: exit.usage, means: 'The command line could not be understood.' },
  'runtime.too-old': { exit: exit.usage, means: 'Node is older than sofare needs and no newer one lies beside it.' },
  'config.missing': { exit: exit.usage, means: 'No sofare.yaml was found.' },
  'config.invalid': { exit: exit.usage, means: 'sofare.yaml has an unknown key, a wrong type or is not YAML.' },
  'config.foreign-owner': { exit: exit.usage, means: 'The configuration belongs to another user, so no command from it is run.' },
  'policy.invalid': { exit: exit.usage, means: 'A rollout policy cannot be read, or cannot be carried out here.' },
  'name.invalid': { exit: exit.usage, means: 'A name has characters that are not allowed.' },
  'version.invalid': { exit: exit.usage, means: 'A version is not SemVer 2.0.' },
  'service.ambiguous': { exit: exit.usage, means: 'There are several services and none was named.' },
  'registry.serves': { exit: exit.usage, means: 'A configured service serves this model, so the pointer cannot be moved alone.' },
  'registry.from-newer': { exit: exit.usage, means: 'The registry was written by a newer sofare.' },
  'registry.read-only': { exit: exit.usage, means: 'The registry cannot be written by this user.' },
  'artifact.refused': {
    exit: exit.usage,
    means: 'A file cannot be registered: a link, a device, an escaping or colliding name.',
  },
  'registry.denied': { exit: exit.usage, means: 'The database refuses the user or password.' },
  'registry.missing': { exit: exit.notFound, means: 'There is no registry where one was looked for.' },
  'service.unknown': { exit: exit.notFound, means: 'There is no service of that name.' },
  'version.unknown': { exit: exit.notFound, means: 'The model has no such version.' },
  'operation.unknown': { exit: exit.notFound, means: 'There is no such operation.' },
  'incident.unknown': { exit: exit.notFound, means: 'There is no such incident.' },
  'rollback.no-way-back': { exit: exit.notFound, means: 'History holds no version to go back to.' },
  'nothing-in-production': { exit: exit.notFound, means: 'No version is in production.' },
  'version.exists': { exit: exit.refused, means: 'The version was registered before with other content.' },
  'version.status': { exit: exit.refused, means: 'The status of the version does not allow this.' },
  'check.refused': { exit: exit.refused, means: 'A check refused; it can be overridden by its name.' },
  'artifact.missing': { exit: exit.refused, means: 'A file of the version is not in the store.' },
  'artifact.damaged': { exit: exit.refused, means: 'A stored file differs from its digest.' },
  'artifact.in-use': { exit: exit.refused, means: 'The artifact is still reachable and cannot be removed.' },
  'plan.stale': { exit: exit.refused, means: 'The world changed since the plan was made.' },
  'from.differs': { exit: exit.refused, means: 'Another version serves than --from expected.' },
  'registry.damaged': { exit: exit.refused, means: 'A row or the database file differs from its checksum.' },
  'registry.full': { exit: exit.refused, means: 'No space is left where the registry is.' },
  'registry.unreachable': { exit: exit.notReady, means: 'The database that several controllers share does not answer.' },
  'disk.failed': { exit: exit.refused, means: 'The disk reported an error before anything was changed.' },
  'registry.busy': { exit: exit.laneTaken, means: 'Another process holds the database for too long.' },
  'lane.taken': { exit: exit.laneTaken, means: 'Another operation holds the lane of the service.' },
  'confirm.needed': { exit: exit.pending, means: 'The plan waits for a yes.' },
  'target.not-ready': { exit: exit.notReady, means: 'The version never became ready.' },
  'target.crash-loop': { exit: exit.notReady, means: 'The version exits again and again.' },
  'target.unreachable': { exit: exit.notReady, means: 'The target does not answer.' },
  'target.missing': {
    exit: exit.notFound,
    means: 'The target lacks what is needed there: a namespace, an object, or a kind of object.',
  },
  'target.changed': {
    exit: exit.notReady,
    means: 'Somebody else changed the object at the same moment; nothing was written.',
  },
  'target.denied': { exit: exit.refused, means: 'The target does not let this user do that.' },
  'target.refused': { exit: exit.refused, means: 'The target refused what it was asked: a webhook, a quota, an invalid object.' },
  'port.in-use': { exit: exit.notReady, means: 'The address to listen on is taken by another program.' },
  'taken-back': { exit: exit.takenBack, means: 'The version was taken back, verified.' },
  'unverified': { exit: exit.unverified, means: 'Traffic moved, but the endpoint did not confirm the version.' },
  'operation.stuck': { exit: exit.stuck, means: 'The operation cannot go on without a person.' },
  'foreign-change': { exit: exit.stuck, means: 'Somebody else changed a field that the operation owns.' },
  'counters.absent': { exit: exit.undecided, means: 'Nobody tells what the versions counted.' },
  'guard.undecided': { exit: exit.undecided, means: 'The guard ended without enough evidence.' },
  'interrupted': { exit: exit.interrupted, means: 'The command stopped; the operation can be resumed.' },
  'superseded': { exit: exit.interrupted, means: 'Another operation took over and still runs.' },
  'timeout': { exit: exit.interrupted, means: 'The time given with --timeout is over.' },
  'disk.unsynced': {
    exit: exit.unknown,
    means: 'The disk could not make durable what was written: the process stops and does not ask it again.',
  },
  'outcome.unknown': { exit: exit.unknown, means: 'It is not known whether the change took effect.' },
} as const satisfies Record<string, { exit: ExitCode; means: string }>;

export type ProblemCode = keyof typeof problemCodes;

/** Carries a Problem through code that must unwind. Caught at the doors (main, index) and by the executor, nowhere else. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(`${problem.code}: ${problem.what} (${problem.why})`, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export function fail(problem: Problem, cause?: unknown): never {
  throw new ProblemError(problem, cause === undefined ? undefined : { cause });
}

export function exitCodeOf(problem: Problem): ExitCode {
  return problemCodes[problem.code].exit;
}
