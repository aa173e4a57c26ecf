import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { TaskWrite, WriteOutcome } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import { lockSlotsOfTasks } from '../lock-slots.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { appendQueueableEvents, appendEvents } from './append-events.ts';
import type { WrittenRow } from './append-events.ts';
import { writeQueueableTasks, writeTasks } from './write-tasks.ts';

/**
 * Writes events, and ends, in one transaction. Rows are locked in the order of the tasks' ids and then in the order of the wallets':
 * a recording locks wallets only, so neither waits for the other in a circle, and wallets are held for an instant.
 */
export async function writeBatch(pool: DatabasePool, writes: readonly TaskWrite[]): Promise<readonly WriteOutcome[]> {
  const ordered = writes.toSorted((one, other) => (one.taskId < other.taskId ? -1 : 1));
  const tenantIds = tenantsOf(ordered);
  const write = ordered.some(({ end }) => end !== null) ? writeTasks : appendEvents;
  const [{ rows }] = await inTransaction(pool, { tenantIds }, [write(ordered)]);
  return outcomesOf(pool, writes, new Set(rows.map(({ n }) => ordered[n - 1])));
}

/**
 * As `writeBatch`, of tasks that hold slots or wait for them, and of no others: its wallets and then its slots are locked first, as a
 * recording does, so that the two never wait for each other in a circle.
 */
export async function writeQueueableBatch(
  pool: DatabasePool,
  writes: readonly TaskWrite[],
): Promise<readonly WriteOutcome[]> {
  const ordered = writes.toSorted((one, other) => (one.taskId < other.taskId ? -1 : 1));
  const tenantIds = tenantsOf(ordered);
  const isEnding = ordered.some(({ end }) => end !== null);
  const locks = [...(isEnding ? [lockWallets(tenantIds)] : []), lockSlotsOfTasks(ordered)];
  const write = isEnding ? writeQueueableTasks : appendQueueableEvents;
  const statements: readonly Statement<WrittenRow>[] = [write(ordered)];
  const results = await inTransaction(pool, { tenantIds }, [...locks, ...statements]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the last statement is the one that writes
  const rows = (results.at(-1)?.rows ?? []) as readonly WrittenRow[];
  return outcomesOf(pool, writes, new Set(rows.map(({ n }) => ordered[n - 1])));
}

async function outcomesOf(
  pool: DatabasePool,
  writes: readonly TaskWrite[],
  written: Set<TaskWrite | undefined>,
): Promise<readonly WriteOutcome[]> {
  const missing = writes.filter((write) => !written.has(write));
  if (missing.length > 0) {
    // Read in a new transaction: an earlier attempt of the same write may have been committed since the first one read.
    const [found] = await inTransaction(pool, { tenantIds: tenantsOf(missing) }, [findWritten(missing)]);
    for (const { n } of found.rows) written.add(missing[n - 1]);
  }
  return writes.map((write) => (written.has(write) ? 'written' : 'stale'));
}

/** The uuid of each tenant that the items are of, once. */
export function tenantsOf(items: readonly { readonly tenantId: TenantId }[]): readonly string[] {
  const seen = new Set<TenantId>();
  for (const { tenantId } of items) seen.add(tenantId);
  return Array.from(seen, uuidOf);
}

const writtenText = `
  select i.n::int as n
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::uuid[]) with ordinality
    as i (tenant_id, task_id, attempt, last_seq, audit_id, n)
  join colloquy.tasks t on t.tenant_id = i.tenant_id and t.task_id = i.task_id
  where t.attempt = i.attempt and t.last_seq = i.last_seq
    and (i.audit_id is null
      or exists (select from colloquy.audit_entries a where a.tenant_id = i.tenant_id and a.entry_id = i.audit_id))`;

/**
 * The writes whose log ends, under their attempt, where they would have ended it: only the holder of that attempt can have written that. A waiting
 * task has no holder, and several nodes may end it at once; the audit entry of the end tells which one did.
 */
function findWritten(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  return {
    name: 'find-written',
    text: writtenText,
    values: [
      plainArray(writes.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(writes.map(({ taskId }) => uuidOf(taskId))),
      plainArray(writes.map(({ attempt }) => attempt)),
      plainArray(writes.map(({ expectedSeq, events }) => expectedSeq + events.length)),
      plainArray(writes.map(({ end }) => (end === null ? null : uuidOf(end.auditId)))),
    ],
  };
}
