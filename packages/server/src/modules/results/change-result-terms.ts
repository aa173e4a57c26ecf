import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct, NewAuditEntry } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { KnownResultTerms } from './known-result-terms.ts';
import type { ResultSubject, ResultTerms } from './result-terms.ts';
import type { ResultTermsStore, SetTermsOutcome } from './result-terms-store.ts';

export interface ResultTermsPorts {
  readonly resultTerms: ResultTermsStore;
  /** What this process knows, so that who asked for a change sees it at once. */
  readonly knownResultTerms: Pick<KnownResultTerms, 'forget'>;
  readonly ids: IdSource;
}

/**
 * Says whom results of an agent, or of one of its skills, may be given to, for how much, and for how long. Throws
 * `registry.agent-unknown` and `results.too-many`.
 */
export function setResultTerms(ports: ResultTermsPorts) {
  return async (caller: Caller, subject: ResultSubject, terms: ResultTerms): Promise<ResultTerms> => {
    assertName(subject);
    const facts = Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, String(value)]));
    const entry = entryOf(ports, caller, subject, { action: 'result-terms.set', facts });
    assertDone(await ports.resultTerms.set(caller.tenant.id, { subject, terms }, entry));
    ports.knownResultTerms.forget(caller.tenant.id);
    return terms;
  };
}

/** Takes back what was said of the subject. Throws `results.terms-unknown`. */
export function unsetResultTerms(ports: ResultTermsPorts) {
  return async (caller: Caller, subject: ResultSubject): Promise<void> => {
    if (slugProblem(subject.agentName) !== null) throw new PlatformError('results.terms-unknown');
    const entry = entryOf(ports, caller, subject, { action: 'result-terms.unset', facts: {} });
    if (!(await ports.resultTerms.unset(caller.tenant.id, subject, entry)))
      throw new PlatformError('results.terms-unknown');
    ports.knownResultTerms.forget(caller.tenant.id);
  };
}

/**
 * Forgets every result of an agent, or of one of its skills; what is being fetched is given to nobody but who fetches it. Throws
 * `registry.agent-unknown` and `results.too-many`.
 */
export function purgeResults(ports: ResultTermsPorts) {
  return async (caller: Caller, subject: ResultSubject): Promise<void> => {
    assertName(subject);
    const entry = entryOf(ports, caller, subject, { action: 'results.purged', facts: {} });
    assertDone(await ports.resultTerms.purge(caller.tenant.id, subject, entry));
    ports.knownResultTerms.forget(caller.tenant.id);
  };
}

/** What is no name leaves nothing in the log of audit either. */
function assertName({ agentName }: ResultSubject): void {
  if (slugProblem(agentName) !== null) throw new PlatformError('registry.agent-unknown');
}

function assertDone(outcome: SetTermsOutcome): void {
  if (outcome === 'unknown') throw new PlatformError('registry.agent-unknown');
  if (outcome === 'full') throw new PlatformError('results.too-many');
}

function entryOf(
  { ids }: ResultTermsPorts,
  caller: Caller,
  { agentName, skillId }: ResultSubject,
  act: Pick<AuditedAct, 'action' | 'facts'>,
): NewAuditEntry {
  const facts = { ...act.facts, ...(skillId === null ? {} : { skill: skillId }) };
  return auditEntryBy(caller, ids, { ...act, facts, outcome: 'succeeded', resource: `agents/${agentName}` });
}
