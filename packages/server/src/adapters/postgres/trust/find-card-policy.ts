import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { CardPolicy } from '../../../modules/trust/index.ts';
import type { Statement } from '../statement.ts';

const text = `select signatures, approval from colloquy.card_policies where tenant_id = $1`;

/** What a tenant demands of cards; no row when it chose nothing. */
export function findCardPolicy(tenantId: TenantId): Statement<CardPolicy> {
  return { name: 'find-card-policy', text, values: [uuidOf(tenantId)] };
}
