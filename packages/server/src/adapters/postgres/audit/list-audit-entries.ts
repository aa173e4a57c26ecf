import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AuditAction, AuditFacts, AuditOutcome, AuditQuery } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';

export interface AuditRow {
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

const text = `
  select entry_id, occurred_at, actor_id, action, outcome, resource, request_id, facts
  from colloquy.audit_entries
  where tenant_id = $1 and entry_id > $2 and ($3::text is null or resource = $3)
  order by entry_id
  limit $4`;

/** A tenant's entries in the order of their ids, oldest first. */
export function listAuditEntries(tenantId: TenantId, { after, resource, limit }: AuditQuery): Statement<AuditRow> {
  return {
    name: 'list-audit-entries',
    text,
    values: [uuidOf(tenantId), after === null ? beforeAll : uuidOf(after), resource, limit],
  };
}
