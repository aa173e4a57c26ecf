import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { SetResultTerms } from './result-terms.ts';
import type { ResultTermsStore } from './result-terms-store.ts';

const cursor = /^[a-z0-9-]{1,63} .{0,200}$/u;

/** What was said of results in the caller's tenant. Throws `request.invalid` for a cursor that is none. */
export function listResultTerms(ports: { readonly resultTerms: ResultTermsStore }) {
  return async (caller: Caller, page: PageRequest): Promise<Page<SetResultTerms>> => {
    if (page.after !== null && !cursor.test(page.after)) {
      throw new PlatformError('request.invalid', { violations: [{ field: 'after', description: 'is no cursor' }] });
    }
    return ports.resultTerms.list(caller.tenant.id, page);
  };
}
