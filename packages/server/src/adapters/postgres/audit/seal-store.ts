import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import type { SealPlace, SealStore, SealWindow, TaskContent } from '../../../modules/audit/index.ts';
import { plainArray } from '../array-literal.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { appendSealed } from './append-sealed.ts';
import { entryOf } from './entry-columns.ts';
import { chainEndOf, findChainEnds } from './find-chain-ends.ts';
import { findDueChains } from './find-due-chains.ts';
import { nextFromElsewhere } from './next-from-elsewhere.ts';
import { nextToSeal } from './next-to-seal.ts';
import type { UnsealedRow } from './next-to-seal.ts';

/** The store of the sealer in PostgreSQL, over a pool of the sealer's role. Each call is a transaction of its own. */
export function createSealStore(pool: DatabasePool): SealStore {
  const run = async <Row>(statement: Statement<Row>): Promise<StatementResult<Row>> =>
    (await inTransaction(pool, { tenantIds: [] }, [statement]))[0];
  return {
    async claim(holderId, holdMs) {
      const [row] = (await run(claimSealing(holderId, holdMs))).rows;
      if (row === undefined) return null;
      return { holderId, term: row.term, place: { writtenIn: row.place_in, entryId: row.place_entry } };
    },
    async release(holderId) {
      await run(releaseSealing(holderId));
    },
    async next({ place }, limit) {
      const { rows } = await run(nextToSeal(place, limit));
      if (rows.length > 0) return windowOf(rows, place, limit);
      const elsewhere = (await run(nextFromElsewhere(limit))).rows;
      return { entries: elsewhere.map(entryOf), place, isFull: elsewhere.length === limit };
    },
    async endsOf(tenantIds) {
      return (await run(findChainEnds(tenantIds))).rows.map(chainEndOf);
    },
    async contentOf(tasks) {
      const { rows } = await run(digestTasks(tasks));
      const hex = (digest: Buffer | null): string => digest?.toString('hex') ?? '';
      const contents = new Map<TaskId, TaskContent>(tasks.map(({ taskId }) => [taskId, { input: '', output: '' }]));
      for (const { task_id, input_digest, output_digest } of rows)
        contents.set(idOf('tsk', task_id), { input: hex(input_digest), output: hex(output_digest) });
      return contents;
    },
    async append(batch) {
      return (await run(appendSealed(batch))).rows.length === 1;
    },
    async due(recordsMin, ageMs, limit) {
      const { rows } = await run(findDueChains(recordsMin, ageMs, limit));
      return rows.map((row) => ({ ...chainEndOf(row), checkpointSeq: Number(row.checkpoint_seq) }));
    },
    async noteCheckpoint(tenantId, size, line) {
      await run(insertCheckpoint(tenantId, size, line));
    },
    async signed(limit) {
      const { rows } = await run(findSignedChains(limit));
      return rows.map(({ tenant_id, checkpoint_seq }) => ({
        tenantId: idOf('tnt', tenant_id),
        size: Number(checkpoint_seq),
      }));
    },
    async lagMs() {
      return (await run(readSealLag())).rows[0]?.lag_ms ?? 0;
    },
  };
}

function windowOf(rows: readonly UnsealedRow[], place: SealPlace, limit: number): SealWindow {
  const last = rows.at(-1);
  return {
    entries: rows.filter(({ is_sealed }) => !is_sealed).map(entryOf),
    place: last === undefined ? place : { writtenIn: last.written_in, entryId: last.entry_id },
    isFull: rows.length === limit,
  };
}

interface SealTermRow {
  readonly term: string;
  readonly place_in: string;
  readonly place_entry: string;
}

const claimSealingSql = `
  update colloquy.audit_sealer s
  set holder_id = $1,
    term = case when s.holder_id = $1 then s.term else s.term + 1 end,
    held_until = colloquy.now_utc() + $2::bigint * interval '1 millisecond',
    -- Transactions of another cluster are counted from elsewhere: every entry is checked once more, and what is sealed stays so.
    place_in = case when s.cluster_id = c.system_identifier then s.place_in else '0'::xid8 end,
    place_entry = case when s.cluster_id = c.system_identifier then s.place_entry else '00000000-0000-0000-0000-000000000000' end,
    cluster_id = c.system_identifier
  from pg_control_system() c
  where s.holder_id is null or s.holder_id = $1 or s.held_until < colloquy.now_utc()
  returning s.term::text as term, s.place_in::text as place_in, s.place_entry`;

/** Takes or keeps the right to seal; no row while another holds it. */
function claimSealing(holderId: NodeId, holdMs: number): Statement<SealTermRow> {
  return { name: 'claim-sealing', text: claimSealingSql, values: [uuidOf(holderId), holdMs] };
}

/** Gives the right to seal away, if this holder has it. */
function releaseSealing(holderId: NodeId): Statement {
  return {
    name: 'release-sealing',
    text: `update colloquy.audit_sealer set holder_id = null, held_until = '-infinity' where holder_id = $1`,
    values: [uuidOf(holderId)],
  };
}

const readSealLagSql = `
  select coalesce((
    select greatest(0, extract(epoch from colloquy.now_utc() - e.occurred_at) * 1000)::float8
    from colloquy.audit_sealer s
    cross join lateral (
      select a.occurred_at from colloquy.audit_entries a
      where (a.written_in, a.entry_id) > (s.place_in, s.place_entry)
      order by a.written_in, a.entry_id limit 1
    ) e), 0) as lag_ms`;

/** How long the first entry behind the sealer's place has been there. */
function readSealLag(): Statement<{ readonly lag_ms: number }> {
  return { name: 'read-seal-lag', text: readSealLagSql, values: [] };
}

const insertCheckpointSql = `
with noted as (
  update colloquy.audit_chains set checkpoint_seq = $2::bigint, checkpointed_at = colloquy.now_utc()
  where tenant_id = $1 and checkpoint_seq < $2::bigint
)
insert into colloquy.audit_checkpoints (tenant_id, size, line) values ($1, $2::bigint, $3)
on conflict (tenant_id, size) do nothing`;

/** Inserts a checkpoint; of two over the same records, the first one stays. */
function insertCheckpoint(tenantId: TenantId, size: number, line: string): Statement {
  return { name: 'insert-checkpoint', text: insertCheckpointSql, values: [uuidOf(tenantId), size, line] };
}

interface SignedChainRow {
  readonly tenant_id: string;
  readonly checkpoint_seq: bigint;
}

/** The chains that were signed last. */
function findSignedChains(limit: number): Statement<SignedChainRow> {
  return {
    name: 'find-signed-chains',
    text: `
      select tenant_id, checkpoint_seq from colloquy.audit_chains
      where checkpoint_seq > 0 order by checkpointed_at desc limit $1`,
    values: [limit],
  };
}

interface TaskDigestRow {
  readonly task_id: string;
  /** Null: nothing of this kind. */
  readonly input_digest: Buffer | null;
  readonly output_digest: Buffer | null;
}

/** SHA-256 over the input and over the output of each task; the content stays in the database. No row for a task without a log. */
function digestTasks(
  tasks: readonly { readonly tenantId: TenantId; readonly taskId: TaskId }[],
): Statement<TaskDigestRow> {
  return {
    name: 'digest-tasks',
    text: 'select task_id, input_digest, output_digest from colloquy.digest_tasks($1::uuid[], $2::uuid[])',
    values: [
      plainArray(tasks.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(tasks.map(({ taskId }) => uuidOf(taskId))),
    ],
  };
}
