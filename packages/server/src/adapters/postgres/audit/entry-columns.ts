import type { JsonObject } from '@colloquy/protocol';
import { idOf } from '../../../kernel/ids.ts';
import type { EntryToSeal } from '../../../modules/audit/index.ts';

/** The columns of an entry, with every digit of its time, because the hash covers them. `e` is the table. */
export const entryColumns = `e.tenant_id, e.entry_id,
    to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred_text,
    e.actor_id, e.action, e.outcome, e.resource, e.request_id, e.facts`;

export interface EntryRow {
  readonly tenant_id: string;
  readonly entry_id: string;
  readonly occurred_text: string;
  readonly actor_id: string;
  readonly action: string;
  readonly outcome: string;
  readonly resource: string;
  readonly request_id: string;
  readonly facts: JsonObject;
}

/** The entry that such a row holds. */
export function entryOf(row: EntryRow): EntryToSeal {
  return {
    tenantId: idOf('tnt', row.tenant_id),
    entryId: idOf('ent', row.entry_id),
    occurredAt: row.occurred_text,
    actorId: row.actor_id,
    action: row.action,
    outcome: row.outcome,
    resource: row.resource,
    requestId: row.request_id,
    facts: row.facts,
  };
}
