import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { AuditEntry } from './audit-entry.ts';
import type { AuditLog } from './audit-log.ts';
import type { PersonalFacts } from './personal-facts.ts';

export interface ListAuditEntriesInput extends PageRequest {
  /** Only entries about this resource; null for all. */
  readonly resource: string | null;
}

/** The entries of the caller's tenant, oldest first. Throws `request.invalid` for an invalid cursor. */
export function listAuditEntries(deps: { readonly audit: AuditLog; readonly personal: PersonalFacts }) {
  return async (caller: Caller, input: ListAuditEntriesInput): Promise<Page<AuditEntry>> => {
    const { after, resource, limit } = input;
    if (after !== null && !isId('ent', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await deps.audit.list(caller.tenant.id, { after, resource, limit: limit + 1 });
    const page = pageOf(rows, limit, (entry) => entry.entryId);
    const facts = await deps.personal.reveal(
      caller.tenant.id,
      page.items.map((entry) => entry.facts),
    );
    return { ...page, items: page.items.map((entry, at) => ({ ...entry, facts: facts[at] ?? entry.facts })) };
  };
}
