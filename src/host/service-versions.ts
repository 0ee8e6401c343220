import type { HostedVersion, ServingPolicy, WantedVersion } from '../model/hosting.ts';
import { fail } from '../model/errors.ts';
import { refusal } from './admission.ts';
import type { Copy } from './copy.ts';
import type { EventLog } from './event-log.ts';
import { VersionRunner } from './version-runner.ts';

export interface VersionsSurroundings {
  readonly directory: string;
  readonly service: string;
  readonly events: EventLog;
  readonly policy: () => ServingPolicy | null;
  readonly shareOf: (version: string) => number;
  readonly nextCopy: () => number;
  /** Resolves when what is to be remembered is durable, or cannot be made so. */
  readonly remember: () => Promise<void>;
  /** A copy of the version ended that nobody had told to. */
  readonly ended: (version: string) => void;
  readonly changed: () => void;
}

/** The versions of a service that run here, or did until a moment ago. */
export class ServiceVersions {
  readonly #around: VersionsSurroundings;
  readonly #runners = new Map<string, VersionRunner>();

  constructor(around: VersionsSurroundings) {
    this.#around = around;
  }

  get(version: string): VersionRunner | undefined {
    return this.#runners.get(version);
  }

  /** The one that runs this version, made where there is none. */
  of(wanted: WantedVersion): VersionRunner {
    const present = this.#runners.get(wanted.version);
    if (present) return present;
    const runner = new VersionRunner(wanted, this.#surroundingsOf(wanted.version));
    this.#runners.set(wanted.version, runner);
    return runner;
  }

  forget(version: string): void {
    this.#runners.delete(version);
  }

  get copies(): readonly Copy[] {
    return [...this.#runners.values()].flatMap((runner) => runner.copies);
  }

  get ready(): Readonly<Record<string, number>> {
    const count = (runner: VersionRunner): number => runner.copies.filter(({ state }) => state === 'ready').length;
    return Object.fromEntries([...this.#runners.values()].map((runner) => [runner.version, count(runner)]));
  }

  hosted(): readonly HostedVersion[] {
    return [...this.#runners.values()].map((runner) => runner.hosted());
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
  }

  #surroundingsOf(version: string): ConstructorParameters<typeof VersionRunner>[1] {
    const { directory, service, events, policy, shareOf, nextCopy, remember, ended, changed } = this.#around;
    return {
      directory,
      service,
      policy: () => policy() ?? fail(refusal('bug', `${service} has no policy`, 'a version is wanted with one', 'report this')),
      remember,
      hasShare: () => shareOf(version) > 0,
      nextCopy,
      ended: () => ended(version),
      changed: (copy, event, detail) => {
        events.write({ event, service, version, ...(copy && { copy: copy.id }), ...(detail !== undefined && { detail }) });
        if (event !== 'unready') void remember();
        changed();
      },
    };
  }
}
