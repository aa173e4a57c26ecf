import type { JsonObject } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct, NewAuditEntry } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { priceViolations } from './parse-price.ts';

/** An agent of the tenant, or one of its skills. */
export interface PriceSubject {
  readonly agentName: string;
  /** Null: every skill of the agent without an override of its own. */
  readonly skillId: string | null;
}

/** A price of the tenant that precedes the card's from a date on. */
export interface PriceOverride {
  readonly subject: PriceSubject;
  readonly effectiveFrom: Date;
  /** As it was stated; valid. */
  readonly price: JsonObject;
  /** No newer override of the subject is in force. */
  readonly isInForce: boolean;
  readonly changedBy: string;
  readonly changedAt: Date;
}

export interface NewPriceOverride {
  readonly subject: PriceSubject;
  readonly price: JsonObject;
  /** Null: from now on. */
  readonly effectiveFrom: Date | null;
}

/** `too-many`: the agent has `limits.priceOverridesMax`. Nothing but the audit entry, as refused, is written unless it is `set`. */
export type PriceOverrideOutcome = 'agent-unknown' | 'skill-unknown' | 'too-many';

/** Price overrides. Every change is one transaction with its audit entry. Methods reject with `platform.unavailable` when the database is away. */
export interface PriceOverrideStore {
  /** In the order of agent, skill and date. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<PriceOverride>>;
  /** Replaces the override of the subject from the same time on. */
  set(
    tenantId: TenantId,
    override: NewPriceOverride,
    entry: NewAuditEntry,
  ): Promise<PriceOverride | PriceOverrideOutcome>;
  /** Removes the override from this time on, or all of the subject (null). The number that is gone. */
  unset(
    tenantId: TenantId,
    subject: PriceSubject,
    removal: { readonly effectiveFrom: Date | null; readonly entry: NewAuditEntry },
  ): Promise<number>;
}

export interface PriceOverridePorts {
  readonly priceOverrides: PriceOverrideStore;
  readonly ids: IdSource;
}

const cursor = /^[a-z0-9-]{1,63} \d{1,19} .{0,200}$/u;

/** The overrides of the caller's tenant. Throws `request.invalid` for an invalid cursor. */
export function listPriceOverrides({ priceOverrides }: Pick<PriceOverridePorts, 'priceOverrides'>) {
  return async (caller: Caller, page: PageRequest): Promise<Page<PriceOverride>> => {
    if (page.after !== null && !cursor.test(page.after)) throw invalid('after', 'is no cursor');
    return priceOverrides.list(caller.tenant.id, page);
  };
}

/**
 * Sets the price of an agent, or of one of its skills, from a date on. Tasks that are recorded before keep their price. Throws
 * `request.invalid` with each invalid member, `registry.agent-unknown`, `prices.skill-unknown` and `prices.too-many`.
 */
export function setPriceOverride({ priceOverrides, ids }: PriceOverridePorts) {
  return async (caller: Caller, override: NewPriceOverride): Promise<PriceOverride> => {
    const { subject, price, effectiveFrom } = override;
    if (slugProblem(subject.agentName) !== null) throw new PlatformError('registry.agent-unknown');
    const violations = priceViolations(price, 'price');
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const facts = { price: JSON.stringify(price).slice(0, factCharsMax), from: effectiveFrom?.toISOString() ?? 'now' };
    const entry = auditEntryBy(caller, ids, actOn(subject, 'price.set', facts));
    const outcome = await priceOverrides.set(caller.tenant.id, override, entry);
    if (outcome === 'agent-unknown') throw new PlatformError('registry.agent-unknown');
    if (outcome === 'skill-unknown') throw new PlatformError('prices.skill-unknown');
    if (outcome === 'too-many') throw new PlatformError('prices.too-many');
    return outcome;
  };
}

/** Removes the override from one date on, or all of the agent or skill; the card's price holds again. Throws `prices.unknown`. */
export function unsetPriceOverrides({ priceOverrides, ids }: PriceOverridePorts) {
  return async (caller: Caller, subject: PriceSubject, effectiveFrom: Date | null): Promise<void> => {
    if (slugProblem(subject.agentName) !== null) throw new PlatformError('prices.unknown');
    const facts = { from: effectiveFrom?.toISOString() ?? 'all' };
    const entry = auditEntryBy(caller, ids, actOn(subject, 'price.unset', facts));
    const gone = await priceOverrides.unset(caller.tenant.id, subject, { effectiveFrom, entry });
    if (gone === 0) throw new PlatformError('prices.unknown');
  };
}

/** A long price is cut in the audit entry; it never is in the table. */
const factCharsMax = 1_000;

function actOn(
  { agentName, skillId }: PriceSubject,
  action: 'price.set' | 'price.unset',
  facts: AuditedAct['facts'],
): AuditedAct {
  const resource = `agents/${agentName}${skillId === null ? '' : `/skills/${skillId}`}`;
  return { action, outcome: 'succeeded', resource, facts };
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
