import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { CardDecision } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';
import { placedValues, placeInstance } from './place-instance.ts';

const text = `
  with decided as (
    update colloquy.agent_card_versions v set status = $8, decided_by = $9, decided_at = colloquy.now_utc()
    from colloquy.agents a
    where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
      and v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = $3 and v.status = 'pending'
    returning v.tenant_id, v.agent_id, v.version
  ), moved as (
    update colloquy.agents a set card_version = d.version
    from decided d where a.tenant_id = d.tenant_id and a.agent_id = d.agent_id and $8 = 'approved'
    returning a.tenant_id, a.agent_id
  ), ${placeInstance}, audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $10, $9, $11, $12, $13, $14, $15 from decided
  )
  select version from decided`;

/** Approves a pending version, which is then in use, or rejects it, and writes the audit entry; no row when the version is not pending. */
export function decideCardVersion(tenantId: TenantId, decision: CardDecision, entry: NewAuditEntry): Statement {
  return {
    name: 'decide-card-version',
    text,
    values: [
      uuidOf(tenantId),
      decision.name,
      decision.version,
      ...placedValues(decision.instance),
      decision.instance === null ? 'rejected' : 'approved',
      decision.decidedBy,
      uuidOf(entry.entryId),
      entry.action,
      entry.outcome,
      entry.resource,
      entry.requestId,
      JSON.stringify(entry.facts),
    ],
  };
}

const rollBackCardVersionText = `
  with moved as (
    update colloquy.agents a set card_version = v.version
    from colloquy.agent_card_versions v
    where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
      and v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = $3 and v.status = 'approved'
    returning a.tenant_id, a.agent_id
  ), ${placeInstance}, audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $8, $9, $10, $11, $12, $13, $14 from moved
  )
  select agent_id from moved`;

/** Makes an approved earlier version the one in use, and writes the audit entry; no row when there is no such version. */
export function rollBackCardVersion(tenantId: TenantId, decision: CardDecision, entry: NewAuditEntry): Statement {
  return {
    name: 'roll-back-card-version',
    text: rollBackCardVersionText,
    values: [
      uuidOf(tenantId),
      decision.name,
      decision.version,
      ...placedValues(decision.instance),
      uuidOf(entry.entryId),
      decision.decidedBy,
      entry.action,
      entry.outcome,
      entry.resource,
      entry.requestId,
      JSON.stringify(entry.facts),
    ],
  };
}
