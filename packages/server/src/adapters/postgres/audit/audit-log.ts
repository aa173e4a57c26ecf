import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AuditAction, AuditFacts, AuditLog, AuditOutcome, AuditQuery } from '../../../modules/audit/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { insertAuditEntry } from './insert-audit-entry.ts';

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

export const auditPorts = (pool: DatabasePool) => ({ audit: createAuditLog(pool) });

interface AuditRow {
  readonly entry_id: string;
  readonly occurred_at: Date;
  readonly actor_id: string;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  readonly resource: string;
  readonly request_id: string;
  readonly facts: AuditFacts;
}

/** Lower than every id, so that the first page is read along the index like the others. */
const beforeAll = '00000000-0000-0000-0000-000000000000';

const listAuditEntriesSql = `
  select entry_id, occurred_at, actor_id, action, outcome, resource, request_id, facts
  from colloquy.audit_entries
  where tenant_id = $1 and entry_id > $2 and ($3::text is null or resource = $3)
  order by entry_id
  limit $4`;

/** A tenant's entries in the order of their ids, oldest first. */
function listAuditEntries(tenantId: TenantId, { after, resource, limit }: AuditQuery): Statement<AuditRow> {
  return {
    name: 'list-audit-entries',
    text: listAuditEntriesSql,
    values: [uuidOf(tenantId), after === null ? beforeAll : uuidOf(after), resource, limit],
  };
}
