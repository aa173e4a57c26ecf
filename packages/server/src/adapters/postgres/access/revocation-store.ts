import type { CallerStatus } from '../../../kernel/caller.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { Revocation, RevocationStore } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Revocations in PostgreSQL, over a pool of the application's role. */
export function createRevocationStore(pool: DatabasePool): RevocationStore {
  return {
    async revoke(revocation, entry) {
      const tenants = { tenantIds: [uuidOf(revocation.tenantId)] };
      const [{ rows }] = await whenAvailable(inTransaction(pool, tenants, [revokeSubject(revocation, entry)]));
      return rows.length > 0;
    },
    async findRevoked(statuses) {
      if (statuses.length === 0) return [];
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [] }, [findRevoked(statuses)]));
      return rows.map(({ place }) => place);
    },
  };
}

/** The positions of caller statuses that are revoked or suspended. They may be of several tenants: a process checks all that it holds at once. */
function findRevoked(statuses: readonly CallerStatus[]): Statement<{ readonly place: number }> {
  const wire = statuses.map(({ tenantId, revocable, parties, roles }) => ({
    tenant: uuidOf(tenantId),
    revocable,
    parties,
    ...roles,
  }));
  return {
    name: 'find-fallen',
    text: `
      select place from colloquy.find_fallen($1::jsonb)
      union select place from colloquy.find_stopped($1::jsonb)
      union select place from colloquy.find_narrowed($1::jsonb)`,
    values: [JSON.stringify(wire)],
  };
}

/** Remembers that a token or a grant was taken back, with its audit entry. No row when it was remembered already. */
function revokeSubject(
  { tenantId, subject, keepSeconds }: Revocation,
  entry: NewAuditEntry,
): Statement<{ readonly subject: string }> {
  return {
    name: 'revoke-subject',
    text: `
      with revoked as (
        insert into colloquy.revocations (tenant_id, subject, expires_at)
        values ($1, $2, colloquy.now_utc() + $3::float8 * interval '1 second')
        on conflict (tenant_id, subject) do nothing
        returning subject
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $4, $5, $6, $7, $8, $9, $10 from revoked
      )
      select subject from revoked`,
    values: [uuidOf(tenantId), subject, keepSeconds, ...auditEntryValues(entry)],
  };
}
