import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Holds up everybody else who opens something to this tenant, so that the bound is one. */
export function lockAllowances(tenantId: TenantId): Statement {
  return {
    name: 'lock-egress-allowances',
    text: `select pg_advisory_xact_lock(hashtextextended('colloquy.egress_allowances ' || $1, 0))`,
    values: [tenantId],
  };
}
