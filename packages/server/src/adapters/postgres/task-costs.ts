import { uuidOf } from '../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../kernel/ids.ts';
import type { LedgerEntryKind } from '../../modules/metering/index.ts';
import type { TaskCost } from '../../modules/tasks/index.ts';
import type { Statement } from './statement.ts';

const sumOf = (...kinds: readonly LedgerEntryKind[]): string => `coalesce((select sum(l.amount_microcredits)::bigint
    from colloquy.ledger_entries l
    where l.tenant_id = $1 and l.reservation_id = t.task_id and l.kind = any ('{${kinds.join()}}')), 0)`;

/** The cost of a task `t` of the tenant $1. */
export const costColumns = `t.reserved_microcredits,
  ${sumOf('settle', 'charge', 'overage')} as settled_microcredits, ${sumOf('release', 'expire')} as released_microcredits`;

export interface CostColumns {
  readonly task_id: string;
  readonly reserved_microcredits: bigint;
  readonly settled_microcredits: bigint;
  readonly released_microcredits: bigint;
}

/** The costs of these tasks. */
export function readCosts(tenantId: TenantId, taskIds: readonly TaskId[]): Statement<CostColumns> {
  return {
    name: 'read-costs',
    text: `select t.task_id, ${costColumns} from colloquy.tasks t where t.tenant_id = $1 and t.task_id = any ($2::uuid[])`,
    values: [uuidOf(tenantId), taskIds.map(uuidOf)],
  };
}

export function costOf(row: CostColumns): TaskCost {
  return {
    reservedMicrocredits: row.reserved_microcredits,
    settledMicrocredits: row.settled_microcredits,
    releasedMicrocredits: row.released_microcredits,
  };
}
