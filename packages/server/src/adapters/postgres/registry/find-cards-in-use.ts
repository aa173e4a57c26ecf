import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import type { PolicyColumns } from './agent-columns.ts';
import { storedCardColumns } from './card-version-columns.ts';
import type { StoredCardRow } from './card-version-columns.ts';

export interface CardInUseRow extends StoredCardRow, PolicyColumns {
  readonly agent_id: string;
  readonly credential_origin: string | null;
}

const text = `
  select a.agent_id, a.signature_policy, a.approval_policy, a.credential_origin, ${storedCardColumns}
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id
    and (v.version = a.card_version or v.status = 'pending')
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  order by is_in_use desc, v.version desc
  limit 2`;

/** The card in use of a tenant's agent, and then the one that waits, if one does. */
export function findCardsInUse(tenantId: TenantId, name: string): Statement<CardInUseRow> {
  return { name: 'find-cards-in-use', text, values: [uuidOf(tenantId), name] };
}
