import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import type { CopyState, HostedCopy, ServingPolicy, WantedVersion } from '../model/hosting.ts';
import { freePort } from './free-port.ts';
import { askIdentity, isReady, warmUp } from './make-ready.ts';
import { closeOutput, openOutput, outputFile, rotate } from './output.ts';
import { startOf } from './process-identity.ts';

/** What is remembered of a copy, so that a host that starts again knows its children. */
export interface SavedCopy {
  readonly id: string;
  readonly slot: number;
  readonly pid: number;
  readonly start: string;
  readonly port: number;
  readonly identity: string | null;
  readonly wasReady: boolean;
}

export interface CopySurroundings {
  readonly directory: string;
  readonly service: string;
  readonly wanted: WantedVersion;
  readonly policy: () => ServingPolicy;
  /** Told of every change of state. */
  readonly changed: (copy: Copy, event: 'started' | 'adopted' | 'ready' | 'unready' | 'told-to-stop' | 'exited', detail?: string) => void;
}

const probeEvery = 1_000;
const startingProbeEvery = 25;
const failuresBelieved = 3;

/** One process that runs a version. Started once; a restart is another copy in the same slot. */
export class Copy {
  readonly id: string;
  readonly slot: number;
  readonly version: string;
  readonly agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 64, scheduling: 'lifo' });
  state: CopyState = 'starting';
  port: number | null = null;
  identity: string | null = null;
  inFlight = 0;
  /** Whether it ever became ready. */
  served = false;
  restarts: number;
  since = Date.now();
  readonly #around: CopySurroundings;
  #pid: number | null = null;
  #start: string | null = null;
  #idle: (() => void) | null = null;
  #ended: () => void = () => {};
  readonly ended = new Promise<void>((resolve) => {
    this.#ended = resolve;
  });

  constructor(id: string, slot: number, restarts: number, around: CopySurroundings) {
    this.id = id;
    this.slot = slot;
    this.restarts = restarts;
    this.version = around.wanted.version;
    this.#around = around;
  }

  get pid(): number | null {
    return this.#pid;
  }

  async start(): Promise<void> {
    const { wanted, service, directory } = this.#around;
    this.port = await freePort();
    const file = outputFile(directory, service, this.version, String(this.slot));
    rotate(file);
    const output = openOutput(file);
    try {
      const child = spawn(wanted.command[0] ?? '', wanted.command.slice(1), {
        cwd: wanted.directory,
        env: this.#environment(),
        stdio: ['ignore', output, output],
        detached: true,
      });
      child.once('error', (error) => this.#exited(error.message));
      child.once('exit', (code, signal) => this.#exited(signal ? `by ${signal}` : `with code ${code}`));
      if (child.pid === undefined) return;
      this.#pid = child.pid;
      this.#start = startOf(child.pid);
      this.#around.changed(this, 'started');
      void this.#live();
    } finally {
      closeOutput(output);
    }
  }

  /** Takes a child of an earlier host back. False when that process has ended. */
  adopt(saved: SavedCopy): boolean {
    if (startOf(saved.pid) !== saved.start) return false;
    this.#pid = saved.pid;
    this.#start = saved.start;
    this.port = saved.port;
    this.identity = saved.identity;
    this.served = saved.wasReady;
    this.state = saved.wasReady ? 'ready' : 'starting';
    this.#around.changed(this, 'adopted');
    void this.#live();
    void this.#watchAdopted();
    return true;
  }

  /** Out of the choice at once; asked to end when what is in flight has ended, made to end when it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.state === 'exited' || this.state === 'stopping') return this.ended;
    this.state = 'stopping';
    this.#around.changed(this, 'told-to-stop');
    const patience = this.#around.policy().stopWithin;
    await Promise.race([this.#drained(), wait(patience)]);
    this.agent.destroy();
    this.#signal('SIGTERM');
    await Promise.race([this.ended, wait(patience)]);
    this.#signal('SIGKILL');
    return this.ended;
  }

  /** Nothing more can be had of it: ended at once, with everything it started. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  release(): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.#idle?.();
  }

  hosted(): HostedCopy {
    const { id, port, state, identity, restarts, inFlight, since } = this;
    return { id, pid: this.#pid, port, state, identity, restarts, inFlight, since };
  }

  saved(): SavedCopy | null {
    if (this.#pid === null || this.#start === null || this.port === null || this.state === 'exited') return null;
    return { id: this.id, slot: this.slot, pid: this.#pid, start: this.#start, port: this.port, identity: this.identity, wasReady: this.served };
  }

  async #live(): Promise<void> {
    const ended = (): boolean => this.state === 'exited' || this.state === 'stopping';
    const port = this.port ?? 0;
    if (this.state === 'starting') {
      while (!ended() && !(await isReady(port, this.#around.policy()))) await wait(startingProbeEvery);
      if (ended()) return;
      this.state = 'warming';
      await warmUp(port, this.#around.policy(), ended);
      if (ended()) return;
      this.identity = await askIdentity(port, this.#around.policy());
      if (ended()) return;
      this.#becomeReady();
    }
    let failures = 0;
    while (!ended()) {
      await wait(probeEvery);
      const ready = await isReady(port, this.#around.policy());
      if (ended()) return;
      failures = ready ? 0 : failures + 1;
      if (this.state === 'ready' && failures >= failuresBelieved) {
        this.state = 'unready';
        this.#around.changed(this, 'unready');
      } else if (this.state === 'unready' && ready) this.#becomeReady();
    }
  }

  #becomeReady(): void {
    this.state = 'ready';
    this.served = true;
    this.#around.changed(this, 'ready');
  }

  /** A child of another host tells us nothing when it ends, so its process is looked at. */
  async #watchAdopted(): Promise<void> {
    while (this.#pid !== null && startOf(this.#pid) === this.#start) await wait(200);
    this.#exited('while it was adopted');
  }

  #exited(how: string): void {
    if (this.state === 'exited') return;
    const expected = this.state === 'stopping';
    this.state = 'exited';
    this.agent.destroy();
    // Whatever it left running has its group, and nothing looks after it any more.
    this.#signal('SIGKILL');
    this.#ended();
    this.#around.changed(this, 'exited', expected ? 'as it was told to' : how);
  }

  #drained(): Promise<void> {
    if (this.inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#pid === null) return;
    const alive = startOf(this.#pid);
    if (alive !== null && alive !== this.#start) return;
    try {
      process.kill(-this.#pid, signal);
    } catch {
      // The group has ended.
    }
  }

  #environment(): NodeJS.ProcessEnv {
    const { wanted } = this.#around;
    const { PATH, HOME, LANG, TMPDIR } = process.env;
    return {
      ...(PATH === undefined ? {} : { PATH }),
      ...(HOME === undefined ? {} : { HOME }),
      ...(LANG === undefined ? {} : { LANG }),
      ...(TMPDIR === undefined ? {} : { TMPDIR }),
      ...wanted.environment,
      PORT: String(this.port),
      SOFARE_HOST: '127.0.0.1',
      SOFARE_ARTIFACTS: wanted.artifacts,
      SOFARE_MODEL: this.#around.policy().model,
      SOFARE_VERSION: wanted.version,
      SOFARE_DIGEST: wanted.bundleDigest,
      SOFARE_INSTANCE: this.id,
    };
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
