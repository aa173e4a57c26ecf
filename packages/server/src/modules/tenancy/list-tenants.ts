import type { Caller } from '../../kernel/caller.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { RegisteredTenant } from './tenant.ts';
import type { TenantStore } from './tenant-store.ts';

/** Every tenant of the platform in the order of slugs, page by page. */
export function listTenants(deps: { readonly tenants: TenantStore }) {
  return async (_caller: Caller, page: PageRequest): Promise<Page<RegisteredTenant>> => {
    const rows = await deps.tenants.list({ after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page.limit, (tenant) => tenant.slug);
  };
}
