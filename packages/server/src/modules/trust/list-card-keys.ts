import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { isCardKeyId } from './card-key-rules.ts';
import type { TrustStore } from './trust-store.ts';
import type { TrustedCardKey } from './trusted-card-key.ts';

/** The keys that the caller's tenant trusts or trusted, in the order of their ids, page by page. Throws `request.invalid` for an invalid cursor. */
export function listCardKeys({ trust }: { readonly trust: TrustStore }) {
  return async (caller: Caller, page: PageRequest): Promise<Page<TrustedCardKey>> => {
    if (page.after !== null && !isCardKeyId(page.after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await trust.listKeys(caller.tenant.id, { after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page.limit, (key) => key.kid);
  };
}
