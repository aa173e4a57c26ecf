import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `
  select amount_microcredits from colloquy.ledger_entries
  where tenant_id = $1 and reservation_id = $2 and kind = 'grant'`;

/** The amount of a grant; no row when there is none. */
export function findGrant(tenantId: TenantId, grantId: string): Statement<{ amount_microcredits: bigint }> {
  return { name: 'find-grant', text, values: [uuidOf(tenantId), grantId] };
}
