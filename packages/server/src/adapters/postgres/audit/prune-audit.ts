import { uuidOf } from '../../../kernel/ids.ts';
import type { ExportedPart, NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface PrunedRow {
  readonly is_exported: boolean;
  readonly pruned_through: bigint;
  readonly pruned: bigint;
  readonly is_done: boolean;
}

const text = `
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

/** Takes one portion away and says so. */
export function pruneAudit(
  { throughSeq, hash }: ExportedPart,
  entriesMax: number,
  entry: NewAuditEntry,
): Statement<PrunedRow> {
  return {
    name: 'prune-audit',
    text,
    values: [uuidOf(entry.tenantId), throughSeq, hash, entriesMax, ...auditEntryValues(entry)],
  };
}
