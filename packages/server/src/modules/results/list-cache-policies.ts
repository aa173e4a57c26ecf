import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { ConfiguredCachePolicy } from './cache-policy.ts';
import type { CachePolicyStore } from './cache-policy-store.ts';

const cursor = /^[a-z0-9-]{1,63} .{0,200}$/u;

/** The cache policies that the caller's tenant has set. Throws `request.invalid` for an invalid cursor. */
export function listCachePolicies(ports: { readonly cachePolicies: CachePolicyStore }) {
  return async (caller: Caller, page: PageRequest): Promise<Page<ConfiguredCachePolicy>> => {
    if (page.after !== null && !cursor.test(page.after)) {
      throw new PlatformError('request.invalid', { violations: [{ field: 'after', description: 'is no cursor' }] });
    }
    return ports.cachePolicies.list(caller.tenant.id, page);
  };
}
