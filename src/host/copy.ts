import { Agent } from 'node:http';
import type { CopyState, HostedCopy } from '../model/hosting.ts';
import { copyEnvironment } from './copy-environment.ts';
import { adoptProcess, type CopyProcess, startProcess } from './copy-process.ts';
import type { CopySurroundings } from './copy-surroundings.ts';
import { freePort } from './free-port.ts';
import { askIdentity, isReady, warmUp } from './make-ready.ts';
import { outputFile, withOutput } from './output.ts';
import { lastWord, saysPortTaken, tailOf } from './output-tail.ts';
import type { SavedCopy } from './saved-copy.ts';
import { wait } from './wait.ts';

const probeEvery = 1_000;
const quickestProbe = 25;
const slowestProbe = 250;
const failuresBelieved = 3;

/** One process that runs a version. Started once; a restart is another copy in the same slot. */
export class Copy {
  readonly id: string;
  readonly slot: number;
  readonly version: string;
  readonly restarts: number;
  readonly agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 64 });
  readonly ended: Promise<void>;
  state: CopyState = 'starting';
  port: number | null = null;
  inFlight = 0;
  everReady = false;
  readonly #around: CopySurroundings;
  readonly #since = Date.now();
  #identity: string | null = null;
  #process: CopyProcess | null = null;
  #outputBefore = 0;
  #late = false;
  #idle: (() => void) | null = null;
  #resolveEnded: () => void = () => {};

  constructor(id: string, slot: number, restarts: number, around: CopySurroundings) {
    this.id = id;
    this.slot = slot;
    this.restarts = restarts;
    this.version = around.wanted.version;
    this.#around = around;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  async start(): Promise<void> {
    try {
      this.port = await freePort();
      // Before there is a process, so that a host that dies right after knows what to look for.
      await this.#around.remember();
      if (this.state !== 'starting') return this.#gone('before it was started');
      const running = this.#spawn(this.port);
      this.#run(running);
      if (running.pid !== null) this.#around.changed(this, 'started', null);
    } catch (error) {
      this.#gone(`before it ran: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Takes a child of an earlier host back. False when that process has ended. */
  adopt(saved: SavedCopy): boolean {
    const found = saved.process && adoptProcess(saved.process);
    if (!found) return false;
    this.port = saved.port;
    this.#identity = saved.identity;
    this.everReady = saved.everReady;
    this.state = saved.everReady ? 'ready' : 'starting';
    this.#around.changed(this, 'adopted', null);
    this.#run(found);
    if (saved.told) void this.stop();
    return true;
  }

  /** Out of the choice at once; asked to end when what is in flight has ended, made to end when it does not. Resolves when it is gone. */
  stop(): Promise<void> {
    if (this.state !== 'stopping' && this.state !== 'exited') {
      this.state = 'stopping';
      this.#around.changed(this, 'told-to-stop', null);
      void this.#leave(this.#around.policy().stopWithin);
    }
    return this.ended;
  }

  take(): void {
    this.inFlight += 1;
  }

  release(): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.#idle?.();
  }

  /** Whether its process is on its way out, even where nobody was told yet. */
  isEnding(): boolean {
    return this.#process?.isEnding() ?? true;
  }

  get output(): string {
    return outputFile(this.#around.directory, this.#around.service, this.version, this.slot);
  }

  hosted(): HostedCopy {
    const { id, port, state, restarts, inFlight } = this;
    return { id, pid: this.#process?.pid ?? null, port, state, identity: this.#identity, restarts, inFlight, since: this.#since };
  }

  saved(): SavedCopy | null {
    const { id, version, slot, restarts, port, everReady, state } = this;
    if (port === null || state === 'exited') return null;
    return {
      id,
      version,
      slot,
      restarts,
      port,
      process: this.#process?.saved() ?? null,
      identity: this.#identity,
      everReady,
      told: state === 'stopping',
    };
  }

  #spawn(port: number): CopyProcess {
    const { wanted, policy } = this.#around;
    const environment = copyEnvironment(wanted, process.env, { port, model: policy().model, instance: this.id });
    return withOutput(this.output, (descriptor, size) => {
      this.#outputBefore = size;
      return startProcess(wanted, environment, descriptor);
    });
  }

  #run(running: CopyProcess): void {
    this.#process = running;
    void running.ended.then((how) => this.#gone(how));
    if (running.pid !== null) void this.#live();
  }

  async #live(): Promise<void> {
    if (this.state === 'starting' && !(await this.#comeUp())) return;
    let failures = 0;
    while (!this.#over()) {
      await wait(probeEvery);
      const ready = !this.#over() && (await isReady(this.port ?? 0, this.#around.policy()));
      if (this.#over()) return;
      failures = ready ? 0 : failures + 1;
      if (this.state === 'unready' && ready) this.#becomeReady();
      if (this.state === 'ready' && failures >= failuresBelieved) {
        this.state = 'unready';
        this.#around.changed(this, 'unready', null);
      }
    }
  }

  async #comeUp(): Promise<boolean> {
    const policy = this.#around.policy();
    const port = this.port ?? 0;
    const timer = setTimeout(() => this.#tooLate(), policy.readyWithin);
    try {
      for (
        let pause = quickestProbe;
        !this.#over() && !(await isReady(port, policy));
        pause = Math.min(pause * 1.2, slowestProbe)
      )
        await wait(pause);
      if (this.#over()) return false;
      this.state = 'warming';
      await warmUp(port, policy, () => this.#over());
      if (this.#over()) return false;
      // Before it is called ready, so that whoever sees it ready sees who it says it is.
      this.#identity = await askIdentity(port, policy);
      if (this.#over()) return false;
      this.#becomeReady();
      return true;
    } finally {
      clearTimeout(timer);
    }
  }

  #becomeReady(): void {
    this.state = 'ready';
    this.everReady = true;
    this.#around.changed(this, 'ready', null);
  }

  #tooLate(): void {
    if (this.#over()) return;
    this.#late = true;
    this.#process?.signal('SIGKILL');
  }

  async #leave(patience: number): Promise<void> {
    await Promise.race([this.#drained(), wait(patience)]);
    this.#process?.signal('SIGTERM');
    const timer = setTimeout(() => this.#process?.signal('SIGKILL'), patience);
    await this.ended;
    clearTimeout(timer);
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
      if (this.inFlight === 0) resolve();
    });
  }

  #over(): boolean {
    return this.state === 'exited' || this.state === 'stopping';
  }

  #gone(how: string): void {
    if (this.state === 'exited') return;
    const told = this.state === 'stopping';
    this.state = 'exited';
    this.agent.destroy();
    // Whatever it left running has its group, and nothing looks after it any more.
    this.#process?.signal('SIGKILL');
    const said = told ? '' : tailOf(this.output, this.#outputBefore);
    const word = lastWord(said);
    this.#around.changed(
      this,
      'exited',
      told
        ? null
        : { how: word === null ? how : `${how}: ${word}`, late: this.#late, portTaken: saysPortTaken(said) && !this.everReady },
    );
    this.#resolveEnded();
  }
}
