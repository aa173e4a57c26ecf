import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface RetentionRow {
  readonly keep_days: number | null;
  readonly pruned_seq: bigint;
}

/** For how long a tenant keeps its entries, and how many it has pruned; one row. */
export function findAuditRetention(tenantId: TenantId): Statement<RetentionRow> {
  return {
    name: 'find-audit-retention',
    text: `
      select (select keep_days from colloquy.audit_retentions where tenant_id = $1) as keep_days,
        coalesce((select pruned_seq from colloquy.audit_chains where tenant_id = $1), 0) as pruned_seq`,
    values: [uuidOf(tenantId)],
  };
}
