import { byVersion, isFresh } from '../../src/model/fresh.ts';
import { deployOf, dueCommand, promoteCommand, resumeOf, rollbackOf } from './commands.ts';
import { served } from './services.ts';
import type { SimulatedDatabase } from './simulated-database.ts';
import type { Simulation } from './simulation.ts';
import type { Machine } from './simulated-process.ts';

interface Lane {
  /** Where it is asked for. */
  readonly seat: Machine;
  readonly id: string;
  readonly service: string;
  readonly state: string;
  readonly owner: string | null;
}

/** Nothing goes wrong any more: then everything must come to its end within a bounded time, by itself or by one command. */
export async function settle(simulation: Simulation): Promise<string | null> {
  const { scheduler, host, faults } = simulation;
  faults.healed = true;
  host.heal();
  for (const database of simulation.databases) database.broken = null;
  bringDue(simulation);
  bringLeases(simulation);
  await simulation.run(scheduler.now + 400_000, () => simulation.running.length === 0);
  // What a process left on a machine whose database nobody shares is gone on with there, and waited for by the others.
  const unseen = simulation.several && new Set(simulation.machines.map(({ name }) => name)).size > 1;
  const waits = unseen ? null : endless(simulation);
  if (waits) return waits;
  await simulation.run(scheduler.now + 90_000);
  return (
    (await resumed(simulation)) ??
    endless(simulation) ??
    (await drained(simulation)) ??
    leftBeside(simulation) ??
    differences(simulation) ??
    (await goesOn(simulation))
  );
}

function endless({ running }: Simulation): string | null {
  const process = running.find(({ command }) => command !== dueCommand.words);
  return process ? `${process.command} (${process.name}) does not end: it is at ${process.step}` : null;
}

/** Whatever a clock that was set forth and back has put off is due. */
function bringDue({ databases }: Simulation): void {
  for (const { connection, clock } of databases) {
    const { due } = connection.prepare('select max(due) as due from tasks').get() as { due: number | null };
    clock.offset += Math.max(0, (due ?? 0) - clock.wall());
  }
}

/** Every database hears of what the others did, and of what was done without it: nobody tells it before it is asked. */
async function caughtUp(simulation: Simulation): Promise<void> {
  const { seats, machines, host } = simulation;
  const asked = host.record.value?.breakGlass ? machines : seats.length > 1 ? seats : [];
  for (const machine of asked) await command(simulation, served.name, dueCommand, machine);
}

/** A clock that was set back by an hour has lengthened every lease by it, and whoever waits for one waits as long: no lease is longer than it was given. */
function bringLeases({ databases }: Simulation): void {
  for (const { connection, clock, lease } of databases) {
    const { until } = connection.prepare("select max(lease_until) as until from operations where state = 'running'").get() as {
      until: number | null;
    };
    clock.offset += Math.max(0, (until ?? 0) - (lease ?? 0) - clock.wall());
  }
}

/** What was left by the dead: taken over by the supervisor where there is one, else by one command. */
async function resumed(simulation: Simulation): Promise<string | null> {
  for (let tries = 0; ; tries += 1) {
    await caughtUp(simulation);
    if (simulation.several) await simulation.run(simulation.scheduler.now + 60_000, () => endless(simulation) === null);
    const left = lanes(simulation).find(({ state }) => state === 'running' || state === 'stuck');
    if (!left) return null;
    if (left.state === 'running' && simulation.life(left.owner ?? '') === 'alive') {
      await simulation.run(simulation.scheduler.now + 200_000, () => simulation.life(left.owner ?? '') === 'gone');
      if (simulation.life(left.owner ?? '') === 'alive') return `operation ${left.id} is run by ${left.owner} and does not end`;
      continue;
    }
    const orphaned = left.state === 'running' && simulation.life(left.owner ?? '') === 'gone';
    if (
      orphaned &&
      simulation.supervised &&
      left.service === served.name &&
      simulation.host.record.value !== null &&
      isBeside(simulation, left.owner ?? '') &&
      isTold(simulation, left) &&
      !heldBack(left)
    )
      return `nobody went on with operation ${left.id} within 90 s, though there is a supervisor`;
    // What somebody else wrote stays his until a new plan is made over it.
    if (left.state === 'stuck' && simulation.host.foreign) return null;
    if (tries >= 4 * simulation.seats.length) return `operation ${left.id} is ${left.state} and four resumes did not free it`;
    outlive(left);
    simulation.count(`resumed when it was ${left.state}`);
    await command(simulation, left.service, { ...resumeOf(left.id), overrides: ['hold', 'quarantine'] }, left.seat);
  }
}

/** A lease lasts longer by as much as the clock was set back. */
function outlive({ seat: { database }, id }: Lane): void {
  const { until } = database.connection.prepare('select lease_until as until from operations where id = ?').get(id) as {
    until: number | null;
  };
  database.clock.offset += Math.max(0, (until ?? 0) + 1 - database.clock.wall());
}

async function drained(simulation: Simulation): Promise<string | null> {
  for (let tries = 0; tries < 8; tries += 1) {
    if (tasks(simulation).length === 0) return null;
    bringDue(simulation);
    // A bake lasts longer by as much as the clock was set back in it.
    if (tries > 2) for (const { clock } of simulation.databases) clock.offset += 3_600_000;
    if (!simulation.supervised) for (const { name } of simulation.services) await command(simulation, name, dueCommand);
    else await command(simulation, 'rank', dueCommand);
    await caughtUp(simulation);
    await simulation.run(simulation.scheduler.now + 70_000);
  }
  const [task] = tasks(simulation);
  return task === undefined ? null : `a task stays: ${JSON.stringify(task)}`;
}

/** Fresh copies that no operation is about have been stopped. */
function leftBeside(simulation: Simulation): string | null {
  const { host } = simulation;
  const left = [...host.versions.values()].find(({ version, wanted }) => isFresh(version) && wanted > 0);
  const about = lanes(simulation).some(({ service }) => service === served.name);
  return left && !about && !host.foreign ? `${left.version} runs, and nothing needs it` : null;
}

/** Every registry says what the record and reality say. */
function differences(simulation: Simulation): string | null {
  const { host, databases } = simulation;
  for (const database of databases) {
    const found = differs(host, database) ?? differsFromRecord(host, database);
    if (found !== null) return database.name === '' ? found : `by ${database.name}: ${found}`;
  }
  return null;
}

function differsFromRecord({ record: { value } }: Simulation['host'], { connection }: SimulatedDatabase): string | null {
  const row = connection.prepare('select pointer, fence from services where service = ?').get(served.name) as
    | { pointer: string | null; fence: number }
    | undefined;
  if (value === null) return null;
  if (value.breakGlass) return `the journal ${value.breakGlass.journal} was not taken in`;
  if (!row || row.fence < value.fence) return `its fence is ${row?.fence ?? 0}, the record's ${value.fence}`;
  return row.pointer === value.pointer ? null : `the pointer is ${row.pointer}, the record's ${value.pointer}`;
}

function differs(host: Simulation['host'], database: SimulatedDatabase): string | null {
  const row = database.connection.prepare('select pointer, shares from services where service = ?').get(served.name) as
    | { pointer: string | null; shares: string }
    | undefined;
  if (!row || host.foreign) return null;
  const shares = JSON.parse(row.shares) as Record<string, number>;
  const real = byVersion(host.weights);
  const same = [...new Set([...Object.keys(shares), ...Object.keys(real)])].every(
    (version) => (shares[version] ?? 0) === (real[version] ?? 0),
  );
  if (!same) return `the registry says ${row.shares}, the world ${JSON.stringify(host.weights)}`;
  const open = database.connection.prepare("select id from operations where service = ? and state = 'open'").get(served.name);
  if (!open && !abandoned(database.connection) && Object.keys(shares).length > 0 && shares[row.pointer ?? ''] !== 100)
    return `the pointer is ${row.pointer}, and traffic is ${row.shares}`;
  return null;
}

/** A person who abandons a deploy leaves its split, until something else comes to its end. */
function abandoned(connection: SimulatedDatabase['connection']): boolean {
  const last = connection
    .prepare(
      "select state from operations where service = ? and state in ('completed', 'abandoned') order by ended_at desc limit 1",
    )
    .get(served.name);
  return last?.state === 'abandoned';
}

/** After all that, a rollback or a deploy must simply work. */
async function goesOn(simulation: Simulation): Promise<string | null> {
  const [{ connection }] = simulation.databases as [SimulatedDatabase];
  const row = connection.prepare('select pointer from services where service = ?').get(served.name) as
    | { pointer: string | null }
    | undefined;
  const waits = lanes(simulation).some(({ service, state }) => service === served.name && state === 'open');
  const first = waits ? promoteCommand : deployOf('1.5.0', [100], 0);
  const words = row?.pointer == null ? first : rollbackOf({ emergency: true });
  const ended = await command(simulation, served.name, { ...words, overrides: ['hold', 'quarantine', 'never-served', 'guard'] });
  if (ended.error !== null) {
    const { problem } = ended.error as { problem?: { code: string; what: string; why: string } };
    if (problem?.code === 'rollback.no-way-back') return null;
    return `after all, ${words.words} fails: ${problem ? `${problem.code}: ${problem.what}: ${problem.why}` : String(ended.error)}`;
  }
  const outcome = ended.outcome as { kind: string; operation?: { state: string; verified: boolean | null } };
  if (outcome.kind !== 'ran') return null;
  if (outcome.operation?.state !== 'completed' || outcome.operation.verified !== true)
    return `after all, ${words.words} ends ${outcome.operation?.state}, verified: ${outcome.operation?.verified}`;
  await caughtUp(simulation);
  return differences(simulation);
}

async function command(
  simulation: Simulation,
  service: string,
  words: Parameters<Simulation['start']>[2],
  machine = simulation.machines[0] as Machine,
): Promise<{ outcome: unknown; error: unknown }> {
  let ended: { outcome: unknown; error: unknown } | null = null;
  const of = simulation.services.find(({ name }) => name === service);
  simulation.start(machine, 'on duty', words, of, (outcome, error) => {
    ended = { outcome, error };
  });
  await simulation.run(simulation.scheduler.now + 300_000, () => ended !== null);
  return ended ?? { outcome: null, error: new Error(`${words.words} does not end`) };
}

/** Those first whose owner was a process of the machine that has the database: nobody else sees that it is gone. */
function lanes({ databases, machines }: Simulation): readonly Lane[] {
  const found = databases.flatMap((database) => {
    const rows = database.connection
      .prepare("select id, service, state, owner from operations where state in ('running', 'open', 'stuck')")
      .all() as unknown as readonly Omit<Lane, 'seat'>[];
    const seats = machines.filter((machine) => machine.database === database);
    return rows.map((row) => {
      const beside = seats.find(({ name }) => row.owner === null || row.owner.startsWith(`${name}/`));
      return { beside: beside !== undefined, lane: { ...row, seat: beside ?? (seats[0] as Machine) } };
    });
  });
  return [...found.filter(({ beside }) => beside), ...found.filter(({ beside }) => !beside)].map(({ lane }) => lane);
}

function tasks({ databases }: Simulation): readonly unknown[] {
  return databases.flatMap(({ connection }) => connection.prepare('select * from tasks').all());
}

/** A hold or a quarantine keeps what brings a version in where it stands until a person says otherwise. */
function heldBack({ seat: { database }, id: operation }: Lane): boolean {
  const { kind, version } = database.connection
    .prepare('select kind, to_version as version from operations where id = ?')
    .get(operation) as { kind: string; version: string };
  if (kind !== 'deploy' && kind !== 'promote') return false;
  const { hold } = database.connection.prepare('select hold from services where service = ?').get(served.name) as {
    hold: string | null;
  };
  const last = database.connection
    .prepare(
      "select kind from history where version = ? and kind in ('quarantined', 'unquarantined') order by sequence desc limit 1",
    )
    .get(version) as { kind: string } | undefined;
  return hold !== null || last?.kind === 'quarantined';
}

/** With databases of their own only what the record names is known to the supervisor's. */
function isTold({ databases, host }: Simulation, { id }: Lane): boolean {
  return databases.length === 1 || host.record.value?.operation?.id === id;
}

/** Only who lived on the supervisor's own machine is seen to be gone by it. */
function isBeside({ machines }: Simulation, owner: string): boolean {
  return owner.startsWith(`${machines[0]?.name}/`);
}
