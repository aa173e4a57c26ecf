import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { AuditLog } from '../../../modules/audit/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { insertAuditEntry } from './insert-audit-entry.ts';
import { listAuditEntries } from './list-audit-entries.ts';

/** The audit log in PostgreSQL, over a pool of the application's role, which may add rows and not change them. */
export function createAuditLog(pool: DatabasePool): AuditLog {
  return {
    async append(entry) {
      const options = { tenantIds: [uuidOf(entry.tenantId)] };
      await untilKnown(() => inTransaction(pool, options, [insertAuditEntry(entry)]));
    },
    async list(tenantId, query) {
      const listed = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listAuditEntries(tenantId, query)));
      return listed.rows.map((row) => ({
        tenantId,
        entryId: idOf('ent', row.entry_id),
        occurredAt: row.occurred_at,
        actorId: row.actor_id,
        action: row.action,
        outcome: row.outcome,
        resource: row.resource,
        requestId: row.request_id,
        facts: row.facts,
      }));
    },
  };
}
