import type { AgentCardSignature } from '@colloquy/protocol';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { CardVisibility } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

export interface CardRow {
  readonly tenant_id: string;
  readonly agent_id: string;
  readonly card: unknown;
  readonly version: number;
  readonly card_visibility: CardVisibility;
  readonly modified_at: Date;
  readonly extended_skill_ids: readonly string[];
  readonly digest: string | null;
  readonly signatures: readonly AgentCardSignature[] | null;
  readonly signed_at: Date | null;
}

const text = `
  select a.tenant_id, a.agent_id, v.card, v.version, a.card_visibility, v.created_at as modified_at, a.extended_skill_ids,
    s.digest, s.signatures, s.signed_at
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
  left join colloquy.served_card_signatures s on s.tenant_id = a.tenant_id and s.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`;

/** The card in use of a tenant's agent, with the signatures that are kept for it. */
export function findCard(tenantId: TenantId, name: string): Statement<CardRow> {
  return { name: 'find-card', text, values: [uuidOf(tenantId), name] };
}
