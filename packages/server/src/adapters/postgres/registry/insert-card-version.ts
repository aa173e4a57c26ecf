import { encodeAgentCard } from '@colloquy/protocol/v1';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';
import type { NextCard } from '../../../modules/registry/index.ts';
import { placedValues, placeInstance } from './place-instance.ts';

const text = `
  with held as (
    select a.tenant_id, a.agent_id,
      (select max(v.version) from colloquy.agent_card_versions v where v.tenant_id = a.tenant_id and v.agent_id = a.agent_id) + 1 as version
    from colloquy.agents a
    where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and a.card_version = $3
  ), superseded as (
    update colloquy.agent_card_versions v set status = 'superseded', decided_by = $8, decided_at = colloquy.now_utc()
    from held h where v.tenant_id = h.tenant_id and v.agent_id = h.agent_id and v.status = 'pending'
  ), added as (
    insert into colloquy.agent_card_versions (tenant_id, agent_id, version, card, card_url, document, signature_state, signature_kid,
      status, proposed_by, profile)
    select tenant_id, agent_id, version, $9, $10, $11, $12, $13, $14, $8, $21 from held
  ), moved as (
    update colloquy.agents a set card_version = h.version
    from held h where a.tenant_id = h.tenant_id and a.agent_id = h.agent_id and $14 = 'approved'
    returning a.tenant_id, a.agent_id
  ), ${placeInstance}, audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $15, $8, $16, $17, $18, $19, $20::jsonb || jsonb_build_object('version', version::text) from held
  )
  select version from held`;

/** Inserts the next version of a card, in use at once when it is approved, and the audit entry; no row when another card is in use by now. */
export function insertCardVersion(
  tenantId: TenantId,
  next: NextCard,
  entry: NewAuditEntry,
): Statement<{ readonly version: number }> {
  return {
    name: 'insert-card-version',
    text,
    values: [
      uuidOf(tenantId),
      next.name,
      next.after,
      ...placedValues(next.instance),
      next.proposedBy,
      encodeAgentCard(next.card),
      next.cardUrl,
      JSON.stringify(next.document),
      next.signature.state,
      next.signature.kid,
      next.status,
      uuidOf(entry.entryId),
      entry.action,
      entry.outcome,
      entry.resource,
      entry.requestId,
      JSON.stringify(entry.facts),
      next.profile === null ? null : JSON.stringify(next.profile),
    ],
  };
}
