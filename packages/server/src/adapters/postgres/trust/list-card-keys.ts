import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { cardKeyColumns } from './card-key-row.ts';
import type { CardKeyRow } from './card-key-row.ts';

const text = `
  select ${cardKeyColumns} from colloquy.trusted_card_keys k
  where k.tenant_id = $1 and k.kid > $2 collate "C"
  order by k.kid collate "C"
  limit $3`;

/** A tenant's keys, revoked ones too, in the order of their ids. Every id is greater than the empty text. */
export function listCardKeys(tenantId: TenantId, { after, limit }: PageRequest): Statement<CardKeyRow> {
  return { name: 'list-card-keys', text, values: [uuidOf(tenantId), after ?? '', limit] };
}
