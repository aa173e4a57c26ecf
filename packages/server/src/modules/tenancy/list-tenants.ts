import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { slugProblem } from './slug.ts';
import type { RegisteredTenant, Tenant } from './tenant.ts';
import type { TenantStore } from './tenant-store.ts';

/** Every tenant of the platform in the order of slugs, page by page. Throws `request.invalid` for an invalid cursor. */
export function listTenants(deps: { readonly tenants: TenantStore }) {
  return async (_caller: Caller, page: PageRequest): Promise<Page<RegisteredTenant>> => {
    if (page.after !== null && slugProblem(page.after) !== null) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await deps.tenants.list({ after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page.limit, (tenant) => tenant.slug);
  };
}

/** The tenant of a slug; throws `tenancy.tenant-unknown`. For operators, who name a tenant that their token does not carry. */
export function resolveTenant(deps: { readonly tenants: TenantStore }) {
  return async (slug: string): Promise<Tenant> => {
    const tenant = slugProblem(slug) === null ? await deps.tenants.find(slug) : null;
    if (tenant === null) throw new PlatformError('tenancy.tenant-unknown');
    return tenant;
  };
}
