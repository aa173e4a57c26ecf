import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { cardKeyColumns } from './card-key-row.ts';
import type { CardKeyRow } from './card-key-row.ts';

const text = `
  select ${cardKeyColumns} from colloquy.trusted_card_keys k
  where k.tenant_id = $1 and k.kid = any ($2::text[]) and k.revoked_at is null`;

/** The keys of these ids that are not revoked. */
export function findCardKeys(tenantId: TenantId, kids: readonly string[]): Statement<CardKeyRow> {
  return { name: 'find-card-keys', text, values: [uuidOf(tenantId), [...kids]] };
}
