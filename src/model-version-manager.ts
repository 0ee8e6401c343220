import { resolve } from 'node:path';
import type { Engine } from './execute/engine.ts';
import { exit, fail } from './model/errors.ts';
import type { Service } from './model/service.ts';
import type { ModelVersion } from './model/version.ts';
import { deploy } from './operate/deploy.ts';
import { deprecate } from './operate/deprecate.ts';
import { sharedDatabase } from './configure/database.ts';
import { doDueTasks } from './operate/due.ts';
import { exitOf, type Outcome, problemOf } from './operate/outcome.ts';
import { rollbackCandidates } from './operate/rollback-candidates.ts';
import type { Request } from './operate/request.ts';
import { rollback } from './operate/rollback.ts';
import { noFailpoints } from './ports/failpoints.ts';
import { emptyBundle } from './registry/bundle.ts';
import { generateChangelog } from './registry/changelog.ts';
import { type Comparison, compareVersions } from './registry/compare.ts';
import { createRelease } from './registry/create-release.ts';
import { changeStatus } from './registry/register.ts';
import { prepareRegistryFolder } from './registry/registry-folder.ts';
import { readService } from './registry/services.ts';
import { type BumpAnswer, determineVersionBump, type VersionBump } from './registry/version-bump.ts';
import { listVersions, requireVersion } from './registry/versions.ts';
import { makeEngine, openStore } from './wire.ts';

export interface ManagerOptions {
  readonly model: string;
  /** Folder of the registry; made when it is not there. */
  readonly registry: string;
  readonly database?: string; // postgres://...: only the rows are there
  /** Recorded with every change. */
  readonly actor?: string;
}

export interface NewRelease {
  readonly bump?: VersionBump;
  readonly prerelease?: string;
  /** Files and folders of the version. */
  readonly paths?: readonly string[];
  readonly run?: string;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly configuration?: Readonly<Record<string, string>>;
  readonly changelog?: string;
  readonly breakingChanges?: readonly string[];
  readonly reason?: string;
}

/**
 * The versions of one model in one registry, for scripts. Moves the pointer of a registry with nothing served, through the same
 * journalled executor as the command line. Every method fails with a ProblemError.
 */
export class ModelVersionManager {
  readonly #engine: Engine;
  readonly #actor: string;

  private constructor(engine: Engine, actor: string) {
    this.#engine = engine;
    this.#actor = actor;
  }

  static async open(options: ManagerOptions): Promise<ModelVersionManager> {
    const registry = prepareRegistryFolder(resolve(options.registry));
    const store = await openStore(registry, sharedDatabase(options.database), false, noFailpoints);
    const service = implicitService(options.model);
    const engine = await makeEngine({
      service,
      registry,
      store,
      failpoints: noFailpoints,
      host: null,
      clusters: null,
      supervised: false,
      notify: null,
      announce: () => {},
    });
    return new ModelVersionManager(engine, options.actor ?? 'library');
  }

  async close(): Promise<void> {
    await this.#engine.store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The version in production, or null. */
  async getProductionVersion(): Promise<ModelVersion | null> {
    const { store, service } = this.#engine;
    const row = await readService(store.read, service.name);
    return row?.pointer ? requireVersion(store.read, service.model, row.pointer) : null;
  }

  /** Versions that a rollback could go to, the one it would choose first. */
  async getRollbackCandidates(): Promise<readonly ModelVersion[]> {
    return rollbackCandidates(this.#engine, new AbortController().signal);
  }

  /** One step back by history, or to a version that held production before. Pressed again: no further step. */
  async rollback(
    options: { readonly to?: string; readonly reason?: string; readonly expectedCurrent?: string } = {},
  ): Promise<ModelVersion> {
    const outcome = await rollback(this.#engine, {
      ...this.#request('rollback', options),
      to: options.to ?? null,
      shares: [100],
      every: 0,
      person: true,
      emergency: false,
      supersede: null,
      fingerprint: null,
      evidence: null,
      detach: false,
    });
    return this.#production(outcome);
  }

  async deployToProduction(
    version: string,
    options: { readonly reason?: string; readonly expectedCurrent?: string; readonly overrides?: readonly string[] } = {},
  ): Promise<ModelVersion> {
    const outcome = await deploy(this.#engine, { ...this.#request('deploy', options), version, shares: [100], every: 0 });
    return this.#production(outcome);
  }

  /** Refused while the version is in production: roll it back first. */
  async deprecateVersion(version: string, reason: string): Promise<ModelVersion> {
    return deprecate(this.#engine, version, { actor: this.#actor, reason });
  }

  /** Registers the next version: 1.0.0 first, a draft when it is a prerelease, else a candidate. */
  async createRelease(release: NewRelease = {}): Promise<ModelVersion> {
    const { store, service, artifacts } = this.#engine;
    const paths = release.paths ?? [];
    const files = paths.length === 0 ? [] : await artifacts.put(paths);
    const { version } = await store.transaction('register', (transaction, at) =>
      createRelease(
        transaction,
        {
          model: service.model,
          bump: release.bump ?? 'patch',
          ...(release.prerelease === undefined ? {} : { prerelease: release.prerelease }),
          bundle: { ...emptyBundle, artifacts: files, configuration: release.configuration ?? {} },
          metrics: release.metrics ?? {},
          parameters: release.parameters ?? {},
          run: release.run ?? null,
          changelog: release.changelog ?? '',
          breakingChanges: release.breakingChanges ?? [],
          actor: this.#actor,
          reason: release.reason ?? 'none given',
        },
        at,
      ),
    );
    return version;
  }

  async promoteToCandidate(version: string, reason = 'none given'): Promise<ModelVersion> {
    return this.#change(version, 'promote-to-candidate', reason);
  }

  async releaseVersion(version: string, reason = 'none given'): Promise<ModelVersion> {
    return this.#change(version, 'release', reason);
  }

  async compareVersions(from: string, to: string): Promise<Comparison> {
    const { store, service } = this.#engine;
    return compareVersions(
      await requireVersion(store.read, service.model, from),
      await requireVersion(store.read, service.model, to),
    );
  }

  /** Markdown; either end may be left out. */
  async generateChangelog(range: { readonly from?: string; readonly to?: string } = {}): Promise<string> {
    const { store, service } = this.#engine;
    return generateChangelog(service.model, await listVersions(store.read, service.model), range);
  }

  /** Newest first. */
  async getReleaseHistory(limit = 10): Promise<readonly ModelVersion[]> {
    return listVersions(this.#engine.store.read, this.#engine.service.model, { limit });
  }

  /** What the next version should be, by what changed and by how much better it measures. */
  async determineVersionBump(
    metrics: Readonly<Record<string, number>>,
    changed: { readonly architecture?: boolean; readonly features?: boolean } = {},
  ): Promise<BumpAnswer> {
    const current = await this.getProductionVersion();
    return determineVersionBump({
      current: current?.metrics ?? null,
      next: metrics,
      architectureChanged: changed.architecture ?? false,
      featuresChanged: changed.features ?? false,
    });
  }

  async #change(version: string, change: 'promote-to-candidate' | 'release', reason: string): Promise<ModelVersion> {
    const { store, service } = this.#engine;
    return store.transaction('status', (transaction, at) =>
      changeStatus(transaction, service.model, version, change, { actor: this.#actor, reason, at }),
    );
  }

  #request(
    command: string,
    options: { readonly reason?: string; readonly expectedCurrent?: string; readonly overrides?: readonly string[] },
  ): Request {
    return {
      actor: this.#actor,
      reason: options.reason ?? 'none given',
      command: `${command} --model ${this.#engine.service.model}`,
      overrides: options.overrides ?? [],
      expected: options.expectedCurrent ?? null,
      consent: async () => true,
      signal: new AbortController().signal,
    };
  }

  async #production(outcome: Outcome): Promise<ModelVersion> {
    await doDueTasks(this.#engine, this.#request('resume --due', {}));
    const problem = problemOf(outcome);
    if (problem && exitOf(outcome) !== exit.done) fail(problem);
    return (
      (await this.getProductionVersion()) ??
      fail({
        code: 'nothing-in-production',
        what: 'no version is in production',
        why: 'the operation ended without one',
        touched: 'no',
        next: 'sofare history',
      })
    );
  }
}

/** The service of a registry with nothing served: only its pointer moves. */
export function implicitService(model: string): Service {
  return {
    name: model,
    model,
    serving: null,
    bake: { for: 0, requests: 0 },
    guard: { alpha: 0.01, tolerate: 1.25, deadline: 0, onUndecided: 'pause' },
    act: 'propose',
    keep: { knownGood: 3, warm: 0 },
  };
}
