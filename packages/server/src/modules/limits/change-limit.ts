import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct } from '../audit/index.ts';
import { TenantLimits } from './known-limits.ts';
import { isSubject, limitViolations } from './limit-rules.ts';
import type { LimitStore } from './limit-store.ts';
import type { LimitSubject, LimitSettings, RateDefaults } from './rate-limit.ts';

export interface LimitChangePorts {
  readonly limits: LimitStore;
  readonly rateDefaults: RateDefaults;
  readonly ids: IdSource;
}

/** The error for a subject that the caller's tenant does not have. */
const unknown = {
  tenant: 'tenancy.tenant-unknown',
  client: 'access.client-unknown',
  agent: 'registry.agent-unknown',
} as const;

/**
 * Sets the limit of the caller's tenant, or of one of its clients or agents, from now on and instead of what was set before. Throws
 * `request.invalid`, `access.client-unknown`, `registry.agent-unknown` and `limits.too-many`.
 */
export function setLimit(ports: LimitChangePorts) {
  return async (caller: Caller, subject: LimitSubject, settings: LimitSettings): Promise<LimitSettings> => {
    if (!isSubject(subject)) throw new PlatformError(unknown[subject.kind]);
    const known = new TenantLimits(ports.rateDefaults, await ports.limits.read(caller.tenant.id));
    const violations = limitViolations(subject.kind, settings, known);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const entry = auditEntryBy(caller, ports.ids, changeOf(caller, subject, 'limit.set', factsOf(settings)));
    const outcome = await ports.limits.set(caller.tenant.id, { subject, settings }, entry);
    if (outcome === 'unknown') throw new PlatformError(unknown[subject.kind]);
    if (outcome === 'full') throw new PlatformError('limits.too-many');
    return settings;
  };
}

/** Removes the limit that was set for a subject; the limits above it apply. Throws `limits.unknown`. */
export function unsetLimit(ports: LimitChangePorts) {
  return async (caller: Caller, subject: LimitSubject): Promise<void> => {
    const entry = auditEntryBy(caller, ports.ids, changeOf(caller, subject, 'limit.unset', {}));
    const isUnset = isSubject(subject) && (await ports.limits.unset(caller.tenant.id, subject, entry));
    if (!isUnset) throw new PlatformError('limits.unknown');
  };
}

function changeOf(
  { tenant }: Caller,
  { kind, id }: LimitSubject,
  action: 'limit.set' | 'limit.unset',
  facts: AuditedAct['facts'],
): AuditedAct {
  const resource = kind === 'tenant' ? `tenants/${tenant.slug}` : `${kind}s/${id}`;
  return { action, outcome: 'succeeded', resource, facts };
}

function factsOf(settings: LimitSettings): AuditedAct['facts'] {
  const said = Object.entries(settings).filter(([, value]) => value !== null);
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]));
}
