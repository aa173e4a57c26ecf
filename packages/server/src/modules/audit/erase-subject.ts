import type { Caller } from '../../kernel/caller.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from './audit-entry.ts';
import type { SubjectKeyStore } from './subject-key-store.ts';

/**
 * Makes every personal fact about a subject of the caller's tenant unreadable, in all present and future entries. The entries still say
 * that the act was done, by which principal and when. Resolves with whether there was a key to erase, or never had been one.
 */
export function eraseSubject(deps: { readonly subjectKeys: SubjectKeyStore; readonly ids: IdSource }) {
  return (caller: Caller, subjectId: string): Promise<boolean> => {
    const resource = `subjects/${subjectId}`;
    const act = { action: 'subject.erased', outcome: 'succeeded', resource, facts: {} } as const;
    return deps.subjectKeys.erase(subjectId, auditEntryBy(caller, deps.ids, act));
  };
}
