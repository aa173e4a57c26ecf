import { setTimeout as wait } from 'node:timers/promises';
import { postmasterPidBelow } from '@colloquy/bench/process/postgres-server';
import type { FrozenTask, Kill } from './checks/evidence.ts';
import type { RunDatabase } from '@colloquy/bench/process/database';
import type { Seat } from './platforms.ts';
import { wireTaskId } from './read-evidence.ts';
import type { PlannedFault } from './schedule.ts';

/** What a fault can be done to. */
export interface Disturbed {
  readonly database: RunDatabase;
  /** Where the data of the database server lies. */
  readonly databaseFolder: string;
  readonly seats: readonly Seat[];
  readonly signal: AbortSignal;
  /** What stopped processes held. */
  readonly frozen: FrozenTask[];
}

/** Longer than processes are silent while they live, and shorter than until they count as dead. */
const silentMs = 1_000;
const pollMs = 50;
const takenMsMax = 20_000;

/** Brings about one fault, and ends when all is up again that it took down. */
export async function disturb(run: Disturbed, fault: PlannedFault): Promise<Kill> {
  const seat = run.seats[fault.victim];
  if (seat === undefined) throw new Error(`there is no process ${fault.victim}`);
  switch (fault.kind) {
    case 'kill':
      return kill(run, seat, fault);
    case 'loss':
      return lose(run, seat, fault);
    case 'freeze':
      return freeze(run, seat, fault);
    case 'cut':
      return cut(run);
    case 'crash':
      return crash(run);
  }
}

async function kill({ signal }: Disturbed, seat: Seat, { downMs }: PlannedFault): Promise<Kill> {
  const killed = await seat.kill();
  await wait(downMs, undefined, { signal });
  await seat.start();
  return killed;
}

async function lose(run: Disturbed, seat: Seat, { kind, downMs }: PlannedFault): Promise<Kill> {
  const atMs = Date.now();
  await seat.kill();
  const held = await heldBySilent(run, atMs);
  const takenAfterMs = await untilTaken(run, held, atMs);
  await wait(downMs, undefined, { signal: run.signal });
  await seat.start();
  return { kind, tasksInFlight: held.tasks.length, atMs, takenAfterMs };
}

async function freeze(run: Disturbed, seat: Seat, { kind, downMs }: PlannedFault): Promise<Kill> {
  const atMs = Date.now();
  seat.freeze();
  try {
    const held = await heldBySilent(run, atMs);
    const takenAfterMs = await untilTaken(run, held, atMs);
    await wait(Math.max(0, atMs + downMs - Date.now()), undefined, { signal: run.signal });
    run.frozen.push(...(await atThaw(run, held)));
    return { kind, tasksInFlight: held.tasks.length, atMs, takenAfterMs };
  } finally {
    seat.thaw();
  }
}

/** Every connection, those of the run too. */
async function cut({ database }: Disturbed): Promise<Kill> {
  const [tasksInFlight, atMs] = [await tasksUnderWork(database), Date.now()];
  await database.read(
    `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  return { kind: 'cut', tasksInFlight, atMs, takenAfterMs: null };
}

async function crash({ database, databaseFolder, signal }: Disturbed): Promise<Kill> {
  const [tasksInFlight, atMs] = [await tasksUnderWork(database), Date.now()];
  const pid = postmasterPidBelow(databaseFolder);
  if (pid === undefined) throw new Error('the database server is not running');
  process.kill(pid, 'SIGKILL');
  // A connection that is still open answers for a moment after its server is gone.
  for (let waitedMs = 0; postmasterPidBelow(databaseFolder) === pid; waitedMs += pollMs) {
    if (waitedMs > takenMsMax) throw new Error('the database server was not started again');
    await wait(pollMs, undefined, { signal });
  }
  await tasksUnderWork(database);
  return { kind: 'crash', tasksInFlight, atMs, takenAfterMs: null };
}

async function tasksUnderWork(database: RunDatabase): Promise<number> {
  const [row] = await database.read<{ tasks: number }>(
    'select count(*)::int as tasks from colloquy.tasks where node_id is not null',
  );
  return row?.tasks ?? 0;
}

interface Held {
  readonly nodeId: string;
  readonly tasks: readonly { readonly taskId: string; readonly attempt: number }[];
}

/** The process that stopped renewing its lease when the fault came, whatever identity it had by then, and its tasks. */
async function heldBySilent({ database, signal }: Disturbed, atMs: number): Promise<Held> {
  await wait(Math.max(0, atMs + silentMs - Date.now()), undefined, { signal });
  const [silent] = await database.read<{ nodeId: string }>(
    `select node_id::text as "nodeId" from colloquy.nodes
     where dead_at is null or dead_at > to_timestamp($1::float8 / 1000) order by heartbeat_at limit 1`,
    [atMs],
  );
  const nodeId = silent?.nodeId ?? '';
  const tasks = await database.read<Held['tasks'][number]>(
    `select ${wireTaskId('task_id')} as "taskId", attempt from colloquy.tasks where node_id = $1::uuid`,
    [nodeId],
  );
  return { nodeId, tasks };
}

/** How long it took, from the fault on, until nothing was left with that process; null when there was nothing. */
async function untilTaken(
  { database, signal }: Disturbed,
  { nodeId, tasks }: Held,
  atMs: number,
): Promise<number | null> {
  if (tasks.length === 0) return null;
  for (;;) {
    const [row] = await database.read<{ left: number }>(
      'select count(*)::int as left from colloquy.tasks where node_id = $1::uuid',
      [nodeId],
    );
    const tookMs = Date.now() - atMs;
    if (row?.left === 0 || tookMs > takenMsMax) return tookMs;
    await wait(pollMs, undefined, { signal });
  }
}

async function atThaw({ database }: Disturbed, { tasks }: Held): Promise<FrozenTask[]> {
  const rows = await database.read<FrozenTask['atThaw'] & { readonly taskId: string }>(
    `select ${wireTaskId('task_id')} as "taskId", state, last_seq as "lastSeq", node_id::text as "nodeId", attempt
     from colloquy.tasks where ${wireTaskId('task_id')} = any ($1::text[])`,
    [tasks.map(({ taskId }) => taskId)],
  );
  const found = new Map(rows.map((row) => [row.taskId, row]));
  return tasks.flatMap(({ taskId, attempt }) => {
    const row = found.get(taskId);
    return row === undefined ? [] : [{ taskId, attempt, atThaw: row }];
  });
}
