import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct, NewAuditEntry } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { KnownCachePolicies } from './known-cache-policies.ts';
import type { ResultSubject, CachePolicy } from './cache-policy.ts';
import type { CachePolicyStore, CachePolicyOutcome } from './cache-policy-store.ts';

export interface CachePolicyPorts {
  readonly cachePolicies: CachePolicyStore;
  /** The copy in this process: it is dropped, so that the caller sees its own change at once. */
  readonly knownCachePolicies: Pick<KnownCachePolicies, 'forget'>;
  readonly ids: IdSource;
}

/**
 * Sets the cache policy of an agent, or of one of its skills. Throws `registry.agent-unknown` and `results.too-many`.
 */
export function setCachePolicy(ports: CachePolicyPorts) {
  return async (caller: Caller, subject: ResultSubject, policy: CachePolicy): Promise<CachePolicy> => {
    assertName(subject);
    const facts = Object.fromEntries(Object.entries(policy).map(([name, value]) => [name, String(value)]));
    const entry = entryOf(ports, caller, subject, { action: 'result-terms.set', facts });
    assertDone(await ports.cachePolicies.set(caller.tenant.id, { subject, policy }, entry));
    ports.knownCachePolicies.forget(caller.tenant.id);
    return policy;
  };
}

/** Removes the cache policy of the subject. Throws `results.terms-unknown`. */
export function unsetCachePolicy(ports: CachePolicyPorts) {
  return async (caller: Caller, subject: ResultSubject): Promise<void> => {
    if (slugProblem(subject.agentName) !== null) throw new PlatformError('results.terms-unknown');
    const entry = entryOf(ports, caller, subject, { action: 'result-terms.unset', facts: {} });
    if (!(await ports.cachePolicies.unset(caller.tenant.id, subject, entry)))
      throw new PlatformError('results.terms-unknown');
    ports.knownCachePolicies.forget(caller.tenant.id);
  };
}

/**
 * Purges every cached result of an agent, or of one of its skills. A result that is being fetched now goes only to the task that
 * fetches it. Throws `registry.agent-unknown` and `results.too-many`.
 */
export function purgeResults(ports: CachePolicyPorts) {
  return async (caller: Caller, subject: ResultSubject): Promise<void> => {
    assertName(subject);
    const entry = entryOf(ports, caller, subject, { action: 'results.purged', facts: {} });
    assertDone(await ports.cachePolicies.purge(caller.tenant.id, subject, entry));
    ports.knownCachePolicies.forget(caller.tenant.id);
  };
}

/** Refuses an invalid name before anything is written, the audit entry included. */
function assertName({ agentName }: ResultSubject): void {
  if (slugProblem(agentName) !== null) throw new PlatformError('registry.agent-unknown');
}

function assertDone(outcome: CachePolicyOutcome): void {
  if (outcome === 'unknown') throw new PlatformError('registry.agent-unknown');
  if (outcome === 'full') throw new PlatformError('results.too-many');
}

function entryOf(
  { ids }: CachePolicyPorts,
  caller: Caller,
  { agentName, skillId }: ResultSubject,
  act: Pick<AuditedAct, 'action' | 'facts'>,
): NewAuditEntry {
  const facts = { ...act.facts, ...(skillId === null ? {} : { skill: skillId }) };
  return auditEntryBy(caller, ids, { ...act, facts, outcome: 'succeeded', resource: `agents/${agentName}` });
}
