import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface PersonSwitch {
  readonly personId: string;
  readonly isDisabled: boolean;
}

/** Disables or enables a person and ends all of its sessions, with the audit entry when that changed anything. `known`: whether the tenant has this person. */
export function setPersonDisabled(
  tenantId: TenantId,
  { personId, isDisabled }: PersonSwitch,
  entry: NewAuditEntry,
): Statement<{ readonly known: boolean }> {
  return {
    name: 'set-person-disabled',
    text: `
      with changed as (
        update colloquy.people set disabled_at = case when $3 then colloquy.now_utc() end
        where tenant_id = $1 and person_id = $2 and (disabled_at is null) = $3
        returning person_id
      ), ended as (
        -- Sessions, grants and what was issued under them: nothing of it comes back with the person.
        delete from colloquy.oidc_records r using changed
        where $3 and r.payload ->> 'accountId' = changed.person_id
        returning r.model, r.record_id, r.grant_id
      ), revoked as (
        insert into colloquy.revocations (tenant_id, subject, expires_at)
        select distinct $1::uuid, e.subject, colloquy.now_utc() + $11::float8 * interval '1 millisecond'
        from (select coalesce(grant_id, case when model = 'Grant' then record_id end) as subject from ended) e
        where e.subject is not null
        on conflict (tenant_id, subject) do nothing
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $4, $5, $6, $7, $8, $9, $10 from changed
      )
      select exists (select from colloquy.people where tenant_id = $1 and person_id = $2) as known`,
    values: [uuidOf(tenantId), personId, isDisabled, ...auditEntryValues(entry), limits.sessionMs],
  };
}
