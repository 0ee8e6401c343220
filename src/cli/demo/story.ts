import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { laneHolder, listOperations } from '../../execute/read.ts';
import { readJournal } from '../../execute/journal.ts';
import type { Operation } from '../../model/operation.ts';
import { openService, type Session } from '../session.ts';
import type { Globals, Terminal } from '../terminal.ts';
import { chart } from './chart.ts';
import { readLedger, timesOf } from './account.ts';
import { closed, type Ended, type Hands } from './program.ts';
import { example, type RunFolder } from './prepare.ts';
import { paperOf } from '../screen.ts';

export interface StoryOptions {
  readonly examples: string;
  /** The folder of the new version: the bad one, or a sound one. */
  readonly candidate: string;
  readonly killMe: boolean;
  readonly seed: number;
}

/** What happened, as the run's own journal and ledger tell it. */
export interface Told {
  readonly from: string | null;
  readonly to: string | null;
  readonly decision: 'rollback' | 'promote' | 'pause' | 'inconclusive';
  readonly detected_ms: number | null;
  readonly decided_to_safe_ms: number | null;
  readonly safe_to_verified_ms: number | null;
  readonly requests: number;
  readonly failed_requests: number;
  readonly lost_requests: number;
  readonly served_by_unready: number;
  readonly killed: boolean;
  readonly resumed: boolean;
  readonly verified: boolean;
  readonly incident: string | null;
}

const stable = '1.2.0';
const candidate = '1.3.0';
const perSecond = 120;

/** Tells the story: deploy and bake the stable version, put the new one in as a canary under traffic, and see what the guard finds. */
export async function tell(
  terminal: Terminal,
  globals: Globals,
  run: RunFolder,
  hands: Hands,
  say: (text: string) => void,
  options: StoryOptions,
  signal: AbortSignal,
): Promise<Told> {
  const { examples, killMe, seed } = options;
  const here: Globals = { ...globals, config: run.configuration };
  await must(hands, ['up', '--unsupervised', '-q']);
  await must(hands, ['register', stable, join(examples, 'versions', stable), '-q']);
  await must(hands, ['register', candidate, join(examples, 'versions', options.candidate), '-q']);
  say(`1  ${stable} goes into production`);
  await must(hands, ['deploy', stable, '-y', '-o', 'json']);
  const address = await addressOf(hands);
  say(`2  flights of a real day are replayed, ${perSecond} a second, at ${address}; what was right is told later`);
  const load = hands.beside(join(examples, 'load.mjs'), [
    '--url',
    address,
    '--ledger',
    run.ledger,
    '--rate',
    String(perSecond),
    '--seed',
    String(seed),
    '--rows',
    join(examples, 'sample.ndjson'),
    '--from-hour',
    '8',
    '--labels-after',
    '300',
    '--stop-with-stdin',
  ]);
  const labels = hands.beside(process.argv[1] ?? '', ['label', 'flights', '-', '-c', run.configuration, '-o', 'json']);
  labels.stdout?.resume();
  if (load.stdout && labels.stdin) load.stdout.pipe(labels.stdin);
  await baked(hands, terminal, signal);
  say(`3  ${stable} passed its bake: known good. Now ${candidate} gets 10 % of the traffic, and the guard watches`);
  const first = await hands.sofare(
    ['deploy', candidate, '--steps', '10,100', '--every', '5s', '-y', '-o', 'json'],
    killMe ? { environment: { SOFARE_FAILPOINT: 'route.after-apply:2:kill' } } : {},
  );
  const killed = first.signal === 'SIGKILL';
  if (killed) {
    say('4  the control process was killed in the middle of moving traffic; sofare resume goes on');
    await hands.sofare(['resume', '-y', '-o', 'json']);
  }
  load.stdin?.end();
  await closed(load);
  await closed(labels);
  await using session = await openService(terminal, here, null, { purpose: 'registry' });
  return await account(session, run, options, killed, say, paperOf(terminal, globals));
}

async function account(
  { engine }: Session,
  run: RunFolder,
  { examples }: StoryOptions,
  killed: boolean,
  say: (text: string) => void,
  paper: ReturnType<typeof paperOf>,
): Promise<Told> {
  const { store, service } = engine;
  const operations = await listOperations(store.read, service.name, 20);
  const deploy = operations.find(({ kind, plan }) => kind === 'deploy' && plan.to === candidate) ?? null;
  const abort = operations.find(({ id }) => id === deploy?.supersededBy) ?? null;
  const decisive = abort ?? deploy;
  const ledger = readLedger(run.ledger);
  const counted = await tallied(examples, run);
  const nothing = {
    from: null,
    to: null,
    detected_ms: null,
    decided_to_safe_ms: null,
    safe_to_verified_ms: null,
    verified: false,
    incident: null,
  };
  const common = { ...counted, killed, resumed: (decisive?.owners.length ?? 0) > 1 };
  say(chart(ledger, [stable, candidate], paper));
  const decision = deploy && decisive ? decisionOf(deploy, decisive) : 'inconclusive';
  const open = await laneHolder(store.read, service.name);
  if (!deploy || !decisive || open || decision === 'pause' || decision === 'inconclusive')
    return { ...nothing, ...common, decision };
  const times = timesOf(await readJournal(store.read, deploy.id), decisive, await readJournal(store.read, decisive.id), ledger);
  const incident = await store.read
    .selectFrom('incidents')
    .select('number')
    .where('operation', '=', decisive.id)
    .executeTakeFirst();
  return {
    ...common,
    decision,
    from: decisive.plan.from,
    to: decisive.plan.to,
    detected_ms: times.detected,
    decided_to_safe_ms: times.decidedToSafe,
    safe_to_verified_ms: times.safeToVerified,
    verified: decisive.verified === true,
    incident: incident ? String(incident.number) : null,
  };
}

function decisionOf(deploy: Operation, decisive: Operation): Told['decision'] {
  if (decisive.kind === 'abort' && decisive.state === 'completed') return 'rollback';
  if (deploy.state === 'completed') return 'promote';
  return deploy.decision?.action === 'pause' ? 'pause' : 'inconclusive';
}

async function tallied(
  examples: string,
  run: RunFolder,
): Promise<Pick<Told, 'requests' | 'failed_requests' | 'lost_requests' | 'served_by_unready'>> {
  type Tally = (ledger: string, events: string) => Record<'requests' | 'failed' | 'lost' | 'servedByUnready', number>;
  const { tally } = await example<{ tally: Tally }>(examples, 'tally.mjs');
  const { requests, failed, lost, servedByUnready } = tally(readFileSync(run.ledger, 'utf8'), readFileSync(run.events, 'utf8'));
  return { requests, failed_requests: failed, lost_requests: lost, served_by_unready: servedByUnready };
}

/** The bake ends by the clock and by traffic; each look does what is due. */
async function baked(hands: Hands, terminal: Terminal, signal: AbortSignal): Promise<void> {
  for (;;) {
    await must(hands, ['resume', '--due', '-q', '-o', 'json']);
    const { output } = await must(hands, ['show', stable, '-o', 'json']);
    if ((JSON.parse(output) as { knownGood: boolean }).knownGood) return;
    signal.throwIfAborted();
    terminal.interrupted.throwIfAborted();
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
}

async function addressOf(hands: Hands): Promise<string> {
  const { output } = await must(hands, ['status', '-o', 'json']);
  return (JSON.parse(output) as { services: readonly { address: string }[] }).services[0]?.address ?? '';
}

async function must(hands: Hands, words: readonly string[]): Promise<Ended> {
  const ended = await hands.sofare(words, { quiet: words.includes('-q') });
  if (ended.code !== 0) throw new Error(`sofare ${words.join(' ')} ended with ${ended.code ?? ended.signal}: ${ended.output}`);
  return ended;
}
