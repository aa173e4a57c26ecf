import type { Caller } from '../../kernel/caller.ts';
import type { auditActions } from '../../kernel/declarations.gen.ts';
import type { EntryId, IdSource, TenantId } from '../../kernel/ids.ts';

/** An action that an audit entry can name, from the files of `kernel/declarations`. */
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
