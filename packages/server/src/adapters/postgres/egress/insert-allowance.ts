import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { EgressAllowance } from '../../../modules/egress/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { allowanceColumns } from './egress-allowance-row.ts';
import type { AllowanceRow } from './egress-allowance-row.ts';

const text = `
  with known as (
    select a.* from colloquy.egress_allowances a where a.tenant_id = $1 and a.target = $2
  ), added as (
    insert into colloquy.egress_allowances (tenant_id, target, kind, allowed_by)
    select $1, $2, $3, $4
    where not exists (select from known)
      and (select count(*) from colloquy.egress_allowances where tenant_id = $1) < $5
    returning *
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $6, $7, $8, $9, $10, $11, $12 from added
  )
  select ${allowanceColumns} from (select * from known union all select * from added) a`;

/** An allowance with its audit entry; the one there is, and no entry, when it is known. No row when the tenant has as many as may be. */
export function insertAllowance(
  tenantId: TenantId,
  { target, kind, allowedBy }: Omit<EgressAllowance, 'createdAt'>,
  entry: NewAuditEntry,
): Statement<AllowanceRow> {
  return {
    name: 'insert-egress-allowance',
    text,
    values: [uuidOf(tenantId), target, kind, allowedBy, limits.egressAllowancesMax, ...auditEntryValues(entry)],
  };
}
