import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ExportedPart, NewAuditEntry, RetentionStore } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';

/** How long tenants keep their entries, in PostgreSQL, over a pool of the application's role. */
export function createRetentionStore(pool: DatabasePool): RetentionStore {
  return {
    async find(tenantId) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), findAuditRetention(tenantId)));
      return { keepDays: rows[0]?.keep_days ?? null, prunedSeq: Number(rows[0]?.pruned_seq ?? 0) };
    },
    async set(keepDays, entry) {
      const options = { tenantIds: [uuidOf(entry.tenantId)] };
      await untilKnown(() => inTransaction(pool, options, [setAuditRetention(keepDays, entry)]));
    },
    async prune(exported, entry) {
      const options = { tenantIds: [uuidOf(entry.tenantId)] };
      const statement = pruneAudit(exported, limits.auditPruneEntriesMax, entry);
      const [{ rows }] = await whenAvailable(inTransaction(pool, options, [statement]));
      const [row] = rows;
      if (row === undefined || !row.is_exported) return null;
      return { throughSeq: Number(row.pruned_through), entries: Number(row.pruned), isDone: row.is_done };
    },
  };
}

export const retentionPorts = (pool: DatabasePool) => ({ retentions: createRetentionStore(pool) });

interface RetentionRow {
  readonly keep_days: number | null;
  readonly pruned_seq: bigint;
}

/** For how long a tenant keeps its entries, and how many it has pruned; one row. */
function findAuditRetention(tenantId: TenantId): Statement<RetentionRow> {
  return {
    name: 'find-audit-retention',
    text: `
      select (select keep_days from colloquy.audit_retentions where tenant_id = $1) as keep_days,
        coalesce((select pruned_seq from colloquy.audit_chains where tenant_id = $1), 0) as pruned_seq`,
    values: [uuidOf(tenantId)],
  };
}

interface PrunedRow {
  readonly is_exported: boolean;
  readonly pruned_through: bigint;
  readonly pruned: bigint;
  readonly is_done: boolean;
}

const pruneAuditSql = `
with p as materialized (
  select is_exported, pruned_through, pruned, is_done from colloquy.prune_audit($1, $2::bigint, decode($3, 'hex'), $4::integer)
),
noted as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select $1, $5, $6, $7, $8, $9, $10,
    $11::jsonb || jsonb_build_object('entries', p.pruned::text, 'through', p.pruned_through::text)
  from p where p.pruned > 0
)
select is_exported, pruned_through, pruned, is_done from p`;

/** Prunes one portion of entries, with an audit entry. */
function pruneAudit(
  { throughSeq, hash }: ExportedPart,
  entriesMax: number,
  entry: NewAuditEntry,
): Statement<PrunedRow> {
  return {
    name: 'prune-audit',
    text: pruneAuditSql,
    values: [uuidOf(entry.tenantId), throughSeq, hash, entriesMax, ...auditEntryValues(entry)],
  };
}

const setAuditRetentionSql = `
with kept as (
  insert into colloquy.audit_retentions (tenant_id, keep_days) values ($1, $2::integer)
  on conflict (tenant_id) do update set keep_days = excluded.keep_days, set_at = colloquy.now_utc()
  returning tenant_id
)
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select tenant_id, $3, $4, $5, $6, $7, $8, $9 from kept`;

/** Sets the minimum retention of a tenant's entries, with an audit entry. */
function setAuditRetention(keepDays: number, entry: NewAuditEntry): Statement {
  return {
    name: 'set-audit-retention',
    text: setAuditRetentionSql,
    values: [uuidOf(entry.tenantId), keepDays, ...auditEntryValues(entry)],
  };
}
