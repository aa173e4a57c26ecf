import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { limitColumns } from './limit-columns.ts';
import type { LimitRow } from './limit-columns.ts';

const text = `
  select ${limitColumns} from colloquy.limits l
  where l.tenant_id = $1 and (l.subject_kind::text collate "C", l.subject_id) > ($2, $3)
  order by l.subject_kind::text collate "C", l.subject_id
  limit $4`;

/** Limits of a tenant after a subject, in the order of kind and id. Every kind is greater than the empty text. */
export function listLimits(
  tenantId: TenantId,
  after: { readonly kind: string; readonly id: string },
  rows: number,
): Statement<LimitRow> {
  return { name: 'list-limits', text, values: [uuidOf(tenantId), after.kind, after.id, rows] };
}
