import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { AllowanceKind, EgressAllowance, EgressAllowanceStore } from '../../../modules/egress/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

const allowanceColumns = 'a.target, a.kind, a.allowed_by, a.created_at';

interface AllowanceRow {
  readonly target: string;
  readonly kind: AllowanceKind;
  readonly allowed_by: string;
  readonly created_at: Date;
}

function allowanceOf(row: AllowanceRow): EgressAllowance {
  return { target: row.target, kind: row.kind, allowedBy: row.allowed_by, createdAt: row.created_at };
}

/** Allowances in PostgreSQL, over a pool of the application's role. */
export function createEgressAllowanceStore(pool: DatabasePool): EgressAllowanceStore {
  return {
    async list(tenantId) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listAllowances(tenantId)));
      return rows.map(allowanceOf);
    },
    async add(tenantId, allowance, entry) {
      const statements = [lockAllowances(tenantId), insertAllowance(tenantId, allowance, entry)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      return rows[0] === undefined ? null : allowanceOf(rows[0]);
    },
    async remove(tenantId, target, entry) {
      const statements = [deleteAllowance(tenantId, target, entry)] as const;
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      return rows.length === 1;
    },
  };
}

export const egressAllowancePorts = (pool: DatabasePool) => ({ egress: createEgressAllowanceStore(pool) });

const deleteAllowanceSql = `
  with removed as (
    delete from colloquy.egress_allowances where tenant_id = $1 and target = $2 returning target
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from removed
  )
  select target from removed`;

/** Removes an allowance and writes the audit entry; no row when there is none. */
function deleteAllowance(tenantId: TenantId, target: string, entry: NewAuditEntry): Statement {
  return {
    name: 'delete-egress-allowance',
    text: deleteAllowanceSql,
    values: [uuidOf(tenantId), target, ...auditEntryValues(entry)],
  };
}

const insertAllowanceSql = `
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

/** Adds an allowance with its audit entry; returns an existing one without an entry. No row when the tenant has its maximum. */
function insertAllowance(
  tenantId: TenantId,
  { target, kind, allowedBy }: Omit<EgressAllowance, 'createdAt'>,
  entry: NewAuditEntry,
): Statement<AllowanceRow> {
  return {
    name: 'insert-egress-allowance',
    text: insertAllowanceSql,
    values: [uuidOf(tenantId), target, kind, allowedBy, limits.egressAllowancesMax, ...auditEntryValues(entry)],
  };
}

/** The allowances of a tenant, in the order of their targets. */
function listAllowances(tenantId: TenantId): Statement<AllowanceRow> {
  return {
    name: 'list-egress-allowances',
    text: `select ${allowanceColumns} from colloquy.egress_allowances a where a.tenant_id = $1 order by a.target limit $2`,
    values: [uuidOf(tenantId), limits.egressAllowancesMax],
  };
}

/** Serializes additions for one tenant, so that the bound holds. */
function lockAllowances(tenantId: TenantId): Statement {
  return {
    name: 'lock-egress-allowances',
    text: `select pg_advisory_xact_lock(hashtextextended('colloquy.egress_allowances ' || $1, 0))`,
    values: [tenantId],
  };
}
