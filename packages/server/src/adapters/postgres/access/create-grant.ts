import { uuidOf } from '../../../kernel/ids.ts';
import type { NewGrant } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface CreatedGrantRow {
  readonly grant_id: string;
  readonly granted_by: string;
  readonly created_at: Date;
  readonly is_new: boolean;
}

/** Gives a principal a role, with its audit entry, unless it has this very role there already; then what it has is answered. */
export function createGrant(grant: NewGrant, grantsMax: number, entry: NewAuditEntry): Statement<CreatedGrantRow> {
  return {
    name: 'create-grant',
    text,
    values: [
      uuidOf(grant.tenantId),
      uuidOf(grant.grantId),
      grant.principalId,
      grant.role,
      grant.agentName,
      grant.skillId,
      grant.grantedBy,
      grantsMax,
      ...auditEntryValues(entry),
    ],
  };
}

const text = `
with known as (
  select grant_id, granted_by, created_at from colloquy.grants
  where tenant_id = $1 and principal_id = $3 and role = $4
    and coalesce(agent_name, '') = coalesce($5, '') and coalesce(skill_id, '') = coalesce($6, '') and removed_at is null
), created as (
  insert into colloquy.grants (tenant_id, grant_id, principal_id, role, agent_name, skill_id, granted_by)
  select $1, $2, $3, $4, $5, $6, $7
  where not exists (select from known)
    and (select count(*) from colloquy.grants where tenant_id = $1 and principal_id = $3 and removed_at is null) < $8
  on conflict do nothing
  returning grant_id, granted_by, created_at
), noted as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select $1, $9, $10, $11, $12, $13, $14, $15 from created
)
select grant_id, granted_by, created_at, true as is_new from created
union all select grant_id, granted_by, created_at, false from known`;
