import { join } from 'node:path';
import { runInProcess } from '../fixtures/in-process.ts';
import { type Ended, Local, type Model } from '../fixtures/local.ts';
import { type KillPoint, named, pointsIn } from './kill-points.ts';

export const stable = '1.0.0';
export const next = '2.0.0';

/** What registry and reality say of a service. */
export interface Seen {
  readonly shares: Readonly<Record<string, number>>;
  readonly pointer: string | null;
  readonly operation: unknown;
  readonly differences: readonly string[];
  readonly held: boolean;
  readonly quarantined: readonly string[];
}

/** Where a service runs whose commands are killed. */
export interface KilledPlace {
  readonly yaml: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Before its first command. */
  begin(service: KilledService): Promise<void>;
  /** The words that say what a version is made of. */
  madeOf(service: KilledService, version: string, model: Model): readonly string[];
  /** Watches, once something serves, that nobody is left without an answer. */
  watch(service: KilledService): Promise<Watch>;
}

export interface Watch {
  /** Ends, and says how much was looked at and what was wrong with it. */
  stop(): Promise<{ readonly answered: number; readonly lost: readonly unknown[] }>;
}

/**
 * A service under load whose commands are killed. Only what is to die runs as a process; what is done around it runs here, by the
 * program's own door, because a few thousand kills would otherwise be a few ten thousand processes.
 */
export class KilledService implements AsyncDisposable {
  readonly local: Local;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #trace: string;
  readonly place: KilledPlace;
  #watch: Watch | null = null;

  private constructor(place: KilledPlace) {
    this.place = place;
    this.local = new Local({ yaml: place.yaml, environment: place.environment });
    this.#environment = place.environment;
    this.#trace = join(this.local.directory, 'trace');
  }

  /** With the stable version in production and the next one registered. */
  static async begin(place: KilledPlace, more: (service: KilledService) => Promise<void>): Promise<KilledService> {
    const service = new KilledService(place);
    try {
      await place.begin(service);
      await service.register(stable);
      await service.must(0, 'deploy', stable, '-y');
      await more(service);
      service.#watch = await place.watch(service);
      return service;
    } catch (error) {
      await service.local[Symbol.asyncDispose]();
      throw error;
    }
  }

  async register(version: string, model: Model = {}): Promise<void> {
    await this.must(0, 'register', version, ...this.place.madeOf(this, version, model));
  }

  /** Runs a command in this process. */
  run(...words: readonly string[]): Promise<Ended> {
    return runInProcess(this.local, words, this.#environment);
  }

  async must(code: number, ...words: readonly string[]): Promise<Ended> {
    const ended = await this.run(...words);
    if (ended.code === code) return ended;
    throw new Error(`sofare ${words.join(' ')} ended with ${ended.code}, not ${code}\n${ended.output}${ended.errors}`);
  }

  /** Runs a command in this process, and gives back every point that it reached. */
  async traced(words: readonly string[]): Promise<{ readonly ended: Ended; readonly points: readonly KillPoint[] }> {
    const ended = await runInProcess(this.local, words, { ...this.#environment, SOFARE_FAILPOINT_TRACE: this.#trace });
    return { ended, points: pointsIn(this.#trace) };
  }

  /** Runs a command as a process that is killed at a point. Fails when the point was not reached, or it ended in any other way. */
  async killed(words: readonly string[], point: KillPoint): Promise<void> {
    const ended = await this.local.run(words, {
      SOFARE_FAILPOINT: `${named(point)}:kill`,
      NODE_COMPILE_CACHE: join(this.local.directory, 'compiled'),
    });
    if (ended.signal === 'SIGKILL') return;
    throw new Error(
      `${words.join(' ')} was to be killed at ${named(point)} and ended with ${ended.code ?? ended.signal}\n${ended.errors}`,
    );
  }

  async seen(): Promise<Seen> {
    const { serving, pointer, operation, differences, hold, quarantined } = await this.#status();
    const shares = Object.fromEntries(serving.flatMap(({ version, share }) => (share > 0 ? [[version, share]] : [])));
    return {
      shares,
      pointer,
      operation,
      differences,
      held: hold !== null,
      quarantined: quarantined.map(({ version }) => version).sort(),
    };
  }

  /** Versions that have copies. */
  async running(): Promise<readonly string[]> {
    return (await this.#status()).serving.map(({ version }) => version).sort();
  }

  /** Where clients send requests. */
  async address(): Promise<string> {
    return (await this.#status()).address;
  }

  /** Ends the watch and says what came of it. */
  async watched(): Promise<Awaited<ReturnType<Watch['stop']>>> {
    return (await this.#watch?.stop()) ?? { answered: 0, lost: [] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch?.stop();
    await this.local[Symbol.asyncDispose]();
  }

  async #status(): Promise<Status> {
    return (JSON.parse((await this.must(0, 'status', '-o', 'json')).output) as { services: [Status] }).services[0];
  }
}

interface Status extends Omit<Seen, 'shares' | 'held' | 'quarantined'> {
  readonly address: string;
  readonly serving: readonly { readonly version: string; readonly share: number }[];
  readonly hold: unknown;
  readonly quarantined: readonly { readonly version: string }[];
}
