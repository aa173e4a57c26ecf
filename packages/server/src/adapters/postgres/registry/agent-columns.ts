import { idOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { CardVisibility, CredentialKind, RegisteredAgent } from '../../../modules/registry/index.ts';

/** The columns that show an agent, of `colloquy.agents a` joined with its current `colloquy.agent_card_versions v`. */
export const agentColumns = `
  a.agent_id, a.name, a.card_version, a.card_visibility, a.price_microcredits, a.idempotent, a.task_ms_max, a.credential_kind,
  a.credential_header, a.registered_by, a.created_at, v.card ->> 'name' as title, v.card ->> 'description' as description,
  v.card ->> 'version' as version, coalesce((v.card -> 'capabilities' -> 'streaming')::boolean, false) as streaming,
  jsonb_path_query_array(v.card, '$.skills[*].id') as skill_ids`;

/** The join that goes with `agentColumns`. */
export const agentTables = `
  colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version`;

export interface AgentRow {
  readonly agent_id: string;
  readonly name: string;
  readonly card_version: number;
  readonly card_visibility: CardVisibility;
  readonly price_microcredits: bigint;
  readonly idempotent: boolean;
  readonly task_ms_max: number;
  readonly credential_kind: CredentialKind;
  readonly credential_header: string | null;
  readonly registered_by: string;
  readonly created_at: Date;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly streaming: boolean;
  readonly skill_ids: readonly string[];
}

export function agentOf(tenantId: TenantId, row: AgentRow): RegisteredAgent {
  return {
    tenantId,
    agentId: idOf('agt', row.agent_id),
    name: row.name,
    cardVersion: row.card_version,
    cardVisibility: row.card_visibility,
    priceMicrocredits: row.price_microcredits,
    idempotent: row.idempotent,
    taskMsMax: row.task_ms_max,
    credentialKind: row.credential_kind,
    credentialHeader: row.credential_header,
    registeredBy: row.registered_by,
    createdAt: row.created_at,
    title: row.title,
    description: row.description,
    version: row.version,
    streaming: row.streaming,
    skillIds: row.skill_ids,
  };
}
