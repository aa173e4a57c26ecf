import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewPerson } from '../../../modules/people/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Adds a person and the audit entry. No row when the login name is taken; then only the entry is written, as a refusal. */
export function insertPerson(
  tenantId: TenantId,
  person: NewPerson,
  entry: NewAuditEntry,
): Statement<{ readonly created_at: Date }> {
  return {
    name: 'insert-person',
    text: `
      with created as (
        insert into colloquy.people (tenant_id, person_id, login_name, scopes) values ($1, $2, $3, $4)
        on conflict (tenant_id, login_name) do nothing
        returning created_at
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        values ($1, $5, $6, $7, case when exists (select from created) then $8 else 'refused' end, $9, $10, $11)
      )
      select created_at from created`,
    values: [uuidOf(tenantId), person.personId, person.loginName, person.scopes, ...auditEntryValues(entry)],
  };
}
