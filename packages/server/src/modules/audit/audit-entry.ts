import type { Caller } from '../../kernel/caller.ts';
import type { EntryId, IdSource, TenantId } from '../../kernel/ids.ts';

/** Every action that an audit entry can name: noun.verb, a past fact. May be added to, never renamed. */
export const auditActions = [
  'task.completed',
  'task.served',
  'task.failed',
  'task.canceled',
  'task.rejected',
  'task.refused',
  'task.replayed',
  'agent.registered',
  'agent.deregistered',
  'agent.keys-pinned',
  'routing.set',
  'routing.unset',
  'instance.registered',
  'instance.changed',
  'instance.drained',
  'instance.quarantined',
  'instance.admitted',
  'instance.removed',
  'probe.changed',
  'card.rolled-back',
  'card.published',
  'card.proposed',
  'card.approved',
  'card.rejected',
  'card-key.added',
  'card-key.revoked',
  'card-policy.changed',
  'client.created',
  'client.revoked',
  'token.exchanged',
  'token.revoked',
  'grant.revoked',
  'signing-key.rotated',
  'signing-key.dropped',
  'person.created',
  'person.disabled',
  'person.enabled',
  'person.link-created',
  'person.password-set',
  'person.signed-in',
  'client.sign-in-set',
  'client-secret.added',
  'client-secret.revoked',
  'client-authority.added',
  'client-authority.removed',
  'api-key.created',
  'api-key.revoked',
  'issuer.registered',
  'issuer.changed',
  'issuer.removed',
  'tenant.created',
  'credits.granted',
  'limit.set',
  'limit.unset',
  'delegation.depth-set',
  'sla.objective-set',
  'sla.objective-unset',
  'resilience.set',
  'resilience.unset',
  'result-terms.set',
  'result-terms.unset',
  'results.purged',
  'push-subscription.created',
  'push-subscription.deleted',
  'delivery.replayed',
  'subject.erased',
  'audit.retention-set',
  'audit.pruned',
  'access.refused',
  'secret.unreadable',
  'secret.rotation-asked',
  'webhook-secret.rotated',
  'egress.allowed',
  'egress.removed',
  'grant.created',
  'grant.removed',
  'agent.stopped',
  'agent.resumed',
  'principal.stopped',
  'principal.resumed',
  'tenant.stopped',
  'tenant.resumed',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** `failed`: the act was attempted and failed. `refused`: it was not attempted. */
export type AuditOutcome = 'succeeded' | 'failed' | 'refused';

/** Small, safe facts: an error code, an amount as decimal digits, a name. Never content, never a secret. */
export type AuditFacts = Readonly<Record<string, string>>;

/** An entry as a module makes it; the database adds the time. */
export interface NewAuditEntry {
  readonly tenantId: TenantId;
  readonly entryId: EntryId;
  /** Id of the principal that acted. */
  readonly actorId: string;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** The resource of the act: a task's id, or `agents/{name}`, `deliveries/{id}`, `clients/{id}`, `principals/{id}`, `client-authorities/{id}`, `tenants/{slug}`, `tiers/{tier}`, `grants/{id}`, `tokens/{id}`, `people/{id}`, `keys/{id}`, `operations/{name}`, `audit`, `{table}/{row}`. */
  readonly resource: string;
  readonly requestId: string;
  readonly facts: AuditFacts;
}

export interface AuditEntry extends NewAuditEntry {
  readonly occurredAt: Date;
}

/** The part of an entry that differs from act to act. */
export type AuditedAct = Pick<NewAuditEntry, 'action' | 'outcome' | 'resource' | 'facts'>;

/** An entry about an act of `caller` in its tenant; its facts name the delegation chain of the actors. */
export function auditEntryBy(caller: Caller, ids: IdSource, act: AuditedAct): NewAuditEntry {
  return {
    tenantId: caller.tenant.id,
    entryId: ids.next('ent'),
    actorId: caller.principal.id,
    action: act.action,
    outcome: act.outcome,
    resource: act.resource,
    requestId: caller.requestId,
    facts:
      caller.actors.length === 0 ? act.facts : { ...act.facts, actors: caller.actors.map(({ id }) => id).join(' ') },
  };
}
