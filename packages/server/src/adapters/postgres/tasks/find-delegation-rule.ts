import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface DelegationRuleRow {
  readonly depth_max: number;
}

/** What a tenant says of its chains; no row when it has said nothing. */
export function findDelegationRule(tenantId: TenantId): Statement<DelegationRuleRow> {
  return {
    name: 'find-delegation-rule',
    text: 'select depth_max from colloquy.delegation_rules where tenant_id = $1',
    values: [uuidOf(tenantId)],
  };
}
