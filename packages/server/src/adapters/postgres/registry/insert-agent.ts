import { encodeAgentCard } from '@colloquy/protocol/v1';
import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewAgent } from '../../../modules/registry/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { firstProbe } from './place-instance.ts';

// A unique constraint orders two registrations of one name: the second waits for the first and then inserts nothing.
const text = `
  with registered as (
    insert into colloquy.agents (tenant_id, agent_id, name, card_version, card_visibility, price_microcredits, idempotent,
      task_ms_max, credential_kind, credential_header, credential_sealed, credential_origin, registered_by,
      extended_skill_ids, signature_policy, approval_policy)
    values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $26, $27, $28)
    on conflict (tenant_id, name) where deregistered_at is null do nothing
    returning tenant_id, agent_id, created_at
  ), published as (
    insert into colloquy.agent_card_versions (tenant_id, agent_id, version, card, card_url, document, signature_state,
      signature_kid, proposed_by, profile)
    select tenant_id, agent_id, 1, $13, $14, $29, $30, $31, $12, $32 from registered
  ), placed as (
    insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version, routing_tag)
    select tenant_id, $15, agent_id, $16, split_part($17, ' ', 2), split_part($17, ' ', 1), $18 from registered
    returning tenant_id, instance_id
  ), watched as (
    insert into colloquy.instance_health (tenant_id, instance_id, next_probe_at) select tenant_id, instance_id, ${firstProbe} from placed
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $19, $20, $21, case when exists (select from registered) then $22 else 'refused' end, $23, $24, $25
  )
  select created_at from registered`;

/** Inserts an agent, its card, its instance and the audit entry; only the entry, as refused, when the name is taken. */
export function insertAgent(agent: NewAgent, entry: NewAuditEntry): Statement<{ created_at: Date }> {
  const { credential, instance } = agent;
  return {
    name: 'insert-agent',
    text,
    values: [
      uuidOf(agent.tenantId),
      uuidOf(agent.agentId),
      agent.name,
      agent.cardVisibility,
      agent.priceMicrocredits,
      agent.idempotent,
      agent.taskMsMax,
      credential?.kind ?? 'none',
      credential?.header ?? null,
      credential?.sealed ?? null,
      credential?.origin ?? null,
      agent.registeredBy,
      encodeAgentCard(agent.card),
      agent.cardUrl,
      uuidOf(instance.instanceId),
      instance.url,
      instance.wire,
      instance.routingTag,
      ...auditEntryValues(entry),
      [...agent.extendedSkillIds],
      agent.cardPolicy.signatures,
      agent.cardPolicy.approval,
      JSON.stringify(agent.document),
      agent.cardSignature.state,
      agent.cardSignature.kid,
      agent.profile === null ? null : JSON.stringify(agent.profile),
    ],
  };
}
