import type { UsageCounter } from '../../../modules/usage/index.ts';
import { outboxKeptMax } from '../event-outbox.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';

/** Counts usage in PostgreSQL, over a pool of the worker's role. */
export function createUsageCounter(pool: DatabasePool): UsageCounter {
  return {
    async count({ tenantsMax, entriesMax }) {
      const statement: Statement<CountingRow> = {
        name: 'count-usage',
        text,
        values: [tenantsMax, entriesMax, outboxKeptMax],
      };
      const [{ rows }] = await inTransaction(pool, { tenantIds: [] }, [statement]);
      const [row] = rows;
      if (row === undefined) throw new Error('A counting of usage has no row.');
      return {
        entries: Number(row.entries),
        tasks: Number(row.tasks),
        microcredits: row.microcredits,
        isFull: row.is_full,
      };
    },
  };
}

interface CountingRow {
  readonly entries: bigint;
  readonly tasks: bigint;
  readonly microcredits: bigint;
  readonly is_full: boolean;
}

const text = 'select entries, tasks, microcredits, is_full from colloquy.count_usage($1, $2, $3)';
