import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct, NewAuditEntry } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { isTier } from './objective.ts';
import type { SlaObjective, SlaSubject } from './objective.ts';
import type { SlaStore } from './sla-store.ts';

export interface ChangeObjectivePorts {
  readonly sla: Pick<SlaStore, 'set' | 'unset'>;
  readonly ids: IdSource;
}

/** A subject by the name in the request. */
export interface NamedSubject {
  readonly kind: SlaSubject['kind'];
  readonly name: string;
}

/** An objective in a request, in percent with at most four decimals. */
export interface RequestedObjective {
  readonly availabilityPercent: number;
  readonly latencyMs: number;
  readonly latencyPercent: number;
}

/**
 * Sets the objective of a tier or an agent of the caller's tenant, in force from the next full hour; resolves with that hour. Throws
 * `sla.tier-unknown`, `registry.agent-unknown`, `sla.too-many`, and `request.invalid` with what is wrong.
 */
export function setObjective(ports: ChangeObjectivePorts) {
  return async (caller: Caller, named: NamedSubject, requested: RequestedObjective): Promise<Date> => {
    const subject = subjectOf(named);
    const objective = objectiveOf(requested);
    const { availabilityPercent, latencyMs, latencyPercent } = requested;
    const facts = {
      availabilityPercent: String(availabilityPercent),
      latencyMs: String(latencyMs),
      latencyPercent: String(latencyPercent),
    };
    const outcome = await ports.sla.set(
      subject,
      objective,
      entryOf(ports, caller, subject, { action: 'sla.objective-set', facts }),
    );
    if (outcome.kind === 'unknown') throw new PlatformError('registry.agent-unknown');
    if (outcome.kind === 'full') throw new PlatformError('sla.too-many');
    return outcome.holdsFrom;
  };
}

/** Removes an objective, from the next full hour on. Throws `sla.tier-unknown` and `sla.objective-unknown`. */
export function unsetObjective(ports: ChangeObjectivePorts) {
  return async (caller: Caller, { kind, name }: NamedSubject): Promise<void> => {
    if (kind === 'agent' && slugProblem(name) !== null) throw new PlatformError('sla.objective-unknown');
    const subject = subjectOf({ kind, name });
    const entry = entryOf(ports, caller, subject, { action: 'sla.objective-unset', facts: {} });
    if (!(await ports.sla.unset(subject, entry))) throw new PlatformError('sla.objective-unknown');
  };
}

/** Refuses an invalid name before anything is written, the audit entry included. */
function subjectOf({ kind, name }: NamedSubject): SlaSubject {
  if (kind === 'tier') {
    if (!isTier(name)) throw new PlatformError('sla.tier-unknown');
    return { kind, name };
  }
  if (slugProblem(name) !== null) throw new PlatformError('registry.agent-unknown');
  return { kind, name };
}

function objectiveOf({ availabilityPercent, latencyMs, latencyPercent }: RequestedObjective): SlaObjective {
  const violations = [
    ...percentProblem('availabilityPercent', availabilityPercent),
    ...percentProblem('latencyPercent', latencyPercent),
  ];
  if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
  return {
    availabilityPpm: Math.round(availabilityPercent * 10_000),
    latencyMs,
    latencyPpm: Math.round(latencyPercent * 10_000),
  };
}

function percentProblem(field: string, percent: number): readonly { field: string; description: string }[] {
  const { slaPercentMin: min, slaPercentMax: max } = limits;
  if (!(percent >= min && percent <= max)) return [{ field, description: `must be from ${min} to ${max}` }];
  const isWhole = Math.abs(percent * 10_000 - Math.round(percent * 10_000)) < 1e-6;
  return isWhole ? [] : [{ field, description: 'must have at most four decimals' }];
}

function entryOf(
  { ids }: ChangeObjectivePorts,
  caller: Caller,
  { kind, name }: SlaSubject,
  act: Pick<AuditedAct, 'action' | 'facts'>,
): NewAuditEntry {
  return auditEntryBy(caller, ids, { ...act, outcome: 'succeeded', resource: `${kind}s/${name}` });
}
