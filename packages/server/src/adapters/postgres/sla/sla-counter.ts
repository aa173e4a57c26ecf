import type { CountingRules, SlaCounter } from '../../../modules/sla/index.ts';
import { plainArray } from '../array-literal.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';

/** Counts ended tasks in PostgreSQL, over a pool of the worker's role. */
export function createSlaCounter(pool: DatabasePool, bounds: CountingBounds): SlaCounter {
  return {
    async count(rules) {
      const [{ rows }] = await inTransaction(pool, { tenantIds: [] }, [countEndedTasks(rules, bounds)]);
      const [row] = rows;
      return {
        entries: Number(row?.entries ?? 0),
        tasks: Number(row?.tasks ?? 0),
        failed: Number(row?.failed ?? 0),
        late: Number(row?.late ?? 0),
        isFull: row?.is_full ?? false,
      };
    },
  };
}

interface CountingRow {
  readonly entries: bigint;
  readonly tasks: bigint;
  readonly failed: bigint;
  readonly late: bigint;
  readonly is_full: boolean;
}

/** Bounds of one transaction: tenants, and entries of each; see `limits`. */
interface CountingBounds {
  readonly slaCountTenantsMax: number;
  readonly slaCountEntriesMax: number;
}

const countEndedTasksText = `
  select entries, tasks, failed, late, is_full
  from colloquy.count_ended_tasks($1, $2, $3::text[], $4::text[], $5::integer[], $6::integer[], $7::integer[])`;

/** Counts tasks that ended since the last run, up to the bounds, and advances each tenant's position. */
function countEndedTasks(
  { excusingCodes, defaults }: CountingRules,
  { slaCountTenantsMax, slaCountEntriesMax }: CountingBounds,
): Statement<CountingRow> {
  return {
    name: 'count-ended-tasks',
    text: countEndedTasksText,
    values: [
      slaCountTenantsMax,
      slaCountEntriesMax,
      plainArray(excusingCodes),
      plainArray(defaults.map(({ tier }) => tier)),
      plainArray(defaults.map(({ availabilityPpm }) => availabilityPpm)),
      plainArray(defaults.map(({ latencyMs }) => latencyMs)),
      plainArray(defaults.map(({ latencyPpm }) => latencyPpm)),
    ],
  };
}
