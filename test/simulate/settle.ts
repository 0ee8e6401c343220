import { byVersion, isFresh } from '../../src/model/fresh.ts';
import { deployOf, dueCommand, promoteCommand, resumeOf, rollbackOf } from './commands.ts';
import { served } from './services.ts';
import type { Simulation } from './simulation.ts';
import type { Machine } from './simulated-process.ts';

interface Lane {
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
  bringDue(simulation);
  bringLeases(simulation);
  await simulation.run(scheduler.now + 400_000, () => simulation.running.length === 0);
  const endless = simulation.running.find(({ command }) => command !== dueCommand.words);
  if (endless) return `${endless.command} (${endless.name}) does not end: it is at ${endless.step}`;
  await simulation.run(scheduler.now + 90_000);
  return (
    (await resumed(simulation)) ??
    (await drained(simulation)) ??
    leftBeside(simulation) ??
    differences(simulation) ??
    (await goesOn(simulation))
  );
}

/** Whatever a clock that was set forth and back has put off is due. */
function bringDue({ database }: Simulation): void {
  const { due } = database.connection.prepare('select max(due) as due from tasks').get() as { due: number | null };
  database.clock.offset += Math.max(0, (due ?? 0) - database.clock.wall());
}

/** A clock that was set back by an hour has lengthened every lease by it, and whoever waits for one waits as long: no lease is longer than it was given. */
function bringLeases({ database }: Simulation): void {
  const { until } = database.connection
    .prepare("select max(lease_until) as until from operations where state = 'running'")
    .get() as { until: number | null };
  database.clock.offset += Math.max(0, (until ?? 0) - (database.lease ?? 0) - database.clock.wall());
}

/** What was left by the dead: taken over by the supervisor where there is one, else by one command. */
async function resumed(simulation: Simulation): Promise<string | null> {
  for (let tries = 0; ; tries += 1) {
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
      !heldBack(simulation, left.id)
    )
      return `nobody went on with operation ${left.id} within 90 s, though there is a supervisor`;
    // What somebody else wrote stays his until a new plan is made over it.
    if (left.state === 'stuck' && simulation.host.foreign) return null;
    if (tries >= 4) return `operation ${left.id} is ${left.state} and four resumes did not free it`;
    outlive(simulation, left.id);
    simulation.count(`resumed when it was ${left.state}`);
    await command(simulation, left.service, { ...resumeOf(left.id), overrides: ['hold', 'quarantine'] });
  }
}

/** A lease lasts longer by as much as the clock was set back. */
function outlive({ database }: Simulation, operation: string): void {
  const { until } = database.connection.prepare('select lease_until as until from operations where id = ?').get(operation) as {
    until: number | null;
  };
  database.clock.offset += Math.max(0, (until ?? 0) + 1 - database.clock.wall());
}

async function drained(simulation: Simulation): Promise<string | null> {
  for (let tries = 0; tries < 8; tries += 1) {
    if (tasks(simulation).length === 0) return null;
    bringDue(simulation);
    // A bake lasts longer by as much as the clock was set back in it.
    if (tries > 2) simulation.database.clock.offset += 3_600_000;
    if (!simulation.supervised) for (const { name } of simulation.services) await command(simulation, name, dueCommand);
    else await command(simulation, 'rank', dueCommand);
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

/** Registry and reality say the same. */
function differences({ host, database }: Simulation): string | null {
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
function abandoned(connection: Simulation['database']['connection']): boolean {
  const last = connection
    .prepare(
      "select state from operations where service = ? and state in ('completed', 'abandoned') order by ended_at desc limit 1",
    )
    .get(served.name);
  return last?.state === 'abandoned';
}

/** After all that, a rollback or a deploy must simply work. */
async function goesOn(simulation: Simulation): Promise<string | null> {
  const row = simulation.database.connection.prepare('select pointer from services where service = ?').get(served.name) as
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
  return differences(simulation);
}

async function command(
  simulation: Simulation,
  service: string,
  words: Parameters<Simulation['start']>[2],
): Promise<{ outcome: unknown; error: unknown }> {
  let ended: { outcome: unknown; error: unknown } | null = null;
  const machine = simulation.machines[0] as Machine;
  const of = simulation.services.find(({ name }) => name === service);
  simulation.start(machine, 'on duty', words, of, (outcome, error) => {
    ended = { outcome, error };
  });
  await simulation.run(simulation.scheduler.now + 300_000, () => ended !== null);
  return ended ?? { outcome: null, error: new Error(`${words.words} does not end`) };
}

function lanes({ database }: Simulation): readonly Lane[] {
  return database.connection
    .prepare("select id, service, state, owner from operations where state in ('running', 'open', 'stuck')")
    .all() as unknown as readonly Lane[];
}

function tasks({ database }: Simulation): readonly unknown[] {
  return database.connection.prepare('select * from tasks').all();
}

/** A hold or a quarantine keeps what brings a version in where it stands until a person says otherwise. */
function heldBack({ database }: Simulation, operation: string): boolean {
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

/** Only who lived on the supervisor's own machine is seen to be gone by it. */
function isBeside({ machines }: Simulation, owner: string): boolean {
  return owner.startsWith(`${machines[0]?.name}/`);
}
