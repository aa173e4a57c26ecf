import { idOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { SealPlace, SealStore, SealWindow, TaskContent } from '../../../modules/audit/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { appendSealed } from './append-sealed.ts';
import { claimSealing } from './claim-sealing.ts';
import { digestTasks } from './digest-tasks.ts';
import { entryOf } from './entry-columns.ts';
import { chainEndOf, findChainEnds } from './find-chain-ends.ts';
import { findDueChains } from './find-due-chains.ts';
import { findSignedChains } from './find-signed-chains.ts';
import { insertCheckpoint } from './insert-checkpoint.ts';
import { nextFromElsewhere } from './next-from-elsewhere.ts';
import { nextToSeal } from './next-to-seal.ts';
import type { UnsealedRow } from './next-to-seal.ts';
import { readSealLag } from './read-seal-lag.ts';
import { releaseSealing } from './release-sealing.ts';

/** What sealing needs, in PostgreSQL, over a pool of the sealer's role. Each call is a transaction of its own. */
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
