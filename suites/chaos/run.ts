import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { accessToken, openAdminApi } from '@colloquy/bench/process/admin-api';
import { initPlatform } from '@colloquy/bench/process/platform';
import { startProgram } from '@colloquy/bench/process/program';
import type { Program } from '@colloquy/bench/process/program';
import { createTenant } from '@colloquy/bench/process/tenants';
import type { RunTenant } from '@colloquy/bench/process/tenants';
import type { WorkFolder } from '@colloquy/bench/process/work-folder';
import { agents, isAgentName, slotsOf } from './agents/behaviour.ts';
import type { Evidence, FrozenTask, Kill } from './checks/evidence.ts';
import type { ClientsOrder } from './clients.ts';
import { disturb } from './disturb.ts';
import type { Disturbed } from './disturb.ts';
import { startRunDatabase } from '@colloquy/bench/process/database';
import type { RunDatabase } from '@colloquy/bench/process/database';
import { claimPort } from '@colloquy/testkit';
import { addressOf, createSeat } from './platforms.ts';
import { readEvidence } from './read-evidence.ts';
import type { PlannedFault } from './schedule.ts';
import type { Workload } from './workloads.ts';

export interface RunOptions {
  readonly seed: number;
  readonly processes: number;
  readonly schedule: readonly PlannedFault[];
  readonly workload: Workload;
  readonly folder: WorkFolder;
  readonly say: (line: string) => void;
  /** Ends the run early; everything it started is stopped. */
  readonly signal: AbortSignal;
}

const grantMicrocredits = 1_000_000_000_000;
const readyMsMax = 10_000;
const atFirstMsMax = 60_000;
const quietMsMax = 20_000;

/** Short lease bounds, so that a short run sees many take-overs; and the agents are on this machine. */
const runEnv = {
  COLLOQUY_NODE_HEARTBEAT_MS: '400',
  COLLOQUY_NODE_FENCE_AFTER_MS: '1200',
  COLLOQUY_NODE_DEAD_AFTER_MS: '2000',
  COLLOQUY_NODE_GRACE_MS: '500',
  COLLOQUY_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
};

/** Kills a platform under load as scheduled, lets it heal, and answers what is left behind. */
export async function run(options: RunOptions): Promise<Evidence> {
  const { folder } = options;
  await using undo = new AsyncDisposableStack();
  const database = undo.use(await startRunDatabase(folder.file('database')));
  const secretKey = randomBytes(32).toString('base64');
  const ports: number[] = [];
  for (let index = 0; index < options.processes; index += 1) ports.push(await claimPort());
  const env = {
    ...runEnv,
    ...database.env,
    COLLOQUY_DATA_DIR: folder.file('data'),
    COLLOQUY_SECRET_KEY: secretKey,
    // Tokens of one process are good at the others.
    COLLOQUY_PUBLIC_URL: addressOf(ports[0] ?? 0),
  };
  const operator = await initPlatform(env);
  const seats = ports.map((port) => createSeat(port, { database, folder, env }));
  for (const seat of seats) {
    undo.defer(() => seat.stop());
    await seat.start();
  }
  const [first] = seats;
  if (first === undefined) throw new Error('a run needs one process at least');
  const files = {
    effects: folder.file('effects.jsonl'),
    work: folder.file('work.jsonl'),
    journal: folder.file('journal.jsonl'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const { workload } = options;
  const agentsProgram = undo.use(
    await startPart(folder, 'agents', [files.effects, files.work, String(workload.tenants)]),
  );
  const api = openAdminApi(first.url, await accessToken(first.url, operator));
  const tenants: RunTenant[] = [];
  for (const agentsUrl of agentsProgram.ready['urls'] as readonly string[]) {
    const registrations = registrationsAt(agentsUrl);
    tenants.push(await createTenant(api, `tenant-${tenants.length + 1}`, { grantMicrocredits, agents: registrations }));
  }
  const { plans, operationMsMax } = workload;
  const work = { tenants, seed: options.seed, plans, operationMsMax, journalFile: files.journal };
  const order: ClientsOrder = { urls: seats.map(({ url }) => url), ...work };
  writeFileSync(folder.file('order.json'), JSON.stringify(order), { mode: 0o600 });
  const clients = undo.use(await startPart(folder, 'clients', [folder.file('order.json')]));
  await untilBusy(options, database);
  await untilEnded(options, database, workload.tasksInCalm);
  const frozen: FrozenTask[] = [];
  const { signal } = options;
  const databaseFolder = folder.file('database');
  const kills = await carryOut(options, { database, databaseFolder, seats, signal, frozen });
  await untilEnded(options, database, workload.tasksMin);
  await heal(options, database, clients);
  return await readEvidence(database, files, { kills, frozen });
}

const startPart = (folder: WorkFolder, name: 'agents' | 'clients', args: readonly string[]): Promise<Program> =>
  startProgram({
    label: `the ${name}`,
    script: new URL(`./${name}.ts`, import.meta.url),
    args,
    logFile: folder.file(`${name}.log`),
    readyMsMax,
    tethered: true,
  });

const registrationsAt = (agentsUrl: string) =>
  Object.entries(agents).map(([name, { priceMicrocredits, idempotent }]) => ({
    name,
    cardUrl: new URL(`${name}/.well-known/agent-card.json`, agentsUrl).href,
    priceMicrocredits,
    idempotent,
    ...slotsIn(name),
  }));

/** How many messages an agent with slots says that it works on at a time. */
function slotsIn(name: string): { readonly profile?: { readonly slotsMax: number } } {
  const slotsMax = isAgentName(name) ? slotsOf(name) : null;
  return slotsMax === null ? {} : { profile: { slotsMax } };
}

async function carryOut({ schedule, say, signal }: RunOptions, disturbed: Disturbed): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (const [index, fault] of schedule.entries()) {
    await wait(fault.afterMs, undefined, { signal });
    const startedMs = performance.now();
    const kill = await disturb(disturbed, fault);
    kills.push(kill);
    const { kind, tasksInFlight, takenAfterMs } = kill;
    const hit = kind === 'cut' || kind === 'crash' ? '' : ` of process ${fault.victim + 1}`;
    const taken = takenAfterMs === null ? '' : `, taken over after ${takenAfterMs} ms`;
    const allMs = Math.round(performance.now() - startedMs);
    say(
      `${kind} ${index + 1} of ${schedule.length}${hit} after ${fault.afterMs} ms, ${tasksInFlight} tasks in flight${taken}; over in ${allMs} ms`,
    );
  }
  return kills;
}

/** Waits until the clients have all their answers and no task is under work. What is open after the bound is found by the checks. */
async function heal({ say, signal, workload }: RunOptions, database: RunDatabase, clients: Program): Promise<void> {
  const startedMs = performance.now();
  const { healMsMax } = workload;
  clients.tell('finish');
  const clientsDone = await eventually(() => Promise.resolve(!clients.running()), healMsMax, signal);
  if (!clientsDone) say(`clients still had open operations after ${healMsMax} ms`);
  const quiet = await eventually(
    async () => {
      const sql = 'select exists (select from colloquy.tasks where node_id is not null) as busy';
      const [row] = await database.read<{ busy: boolean }>(sql);
      return row?.busy === false;
    },
    quietMsMax,
    signal,
  );
  if (!quiet) say(`tasks were still under work after ${quietMsMax} ms`);
  say(`healed in ${Math.round(performance.now() - startedMs)} ms`);
}

/** Waits until the clients have given the platform its work. */
async function untilBusy({ workload, signal, say }: RunOptions, database: RunDatabase): Promise<void> {
  const startedMs = performance.now();
  const isBusy = await eventually(
    async () => {
      const [row] = await database.read<{ tasks: number }>(
        'select count(*)::int as tasks from colloquy.tasks where node_id is not null',
      );
      return row !== undefined && row.tasks >= workload.tasksAtFirst;
    },
    atFirstMsMax,
    signal,
  );
  if (!isBusy) throw new Error(`there were never ${workload.tasksAtFirst} tasks under work`);
  say(`${workload.tasksAtFirst} tasks under work after ${Math.round(performance.now() - startedMs)} ms`);
}

/** Waits until the clients' tasks are so many; the schedule of the kills goes on after that. */
async function untilEnded({ signal, say }: RunOptions, database: RunDatabase, wanted: number): Promise<void> {
  if (wanted === 0) return;
  const startedMs = performance.now();
  let ended = 0;
  let movedAtMs = startedMs;
  for (;;) {
    const [row] = await database.read<{ ended: number }>(
      'select count(*)::int as ended from colloquy.tasks where node_id is null and queue_rank is null',
    );
    const now = row?.ended ?? 0;
    if (now >= wanted) break;
    if (now > ended) movedAtMs = performance.now();
    if (performance.now() - movedAtMs > stillMsMax) throw new Error(`no task ended for ${stillMsMax} ms, after ${now}`);
    ended = now;
    await wait(countPollMs, undefined, { signal });
  }
  say(`${wanted} tasks ended, after ${Math.round(performance.now() - startedMs)} ms more`);
}

const stillMsMax = 60_000;
/** Counting reads every task. */
const countPollMs = 500;
const pollMs = 50;

async function eventually(condition: () => Promise<boolean>, msMax: number, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = performance.now() + msMax;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) return false;
    await wait(pollMs, undefined, { signal });
  }
  return true;
}
