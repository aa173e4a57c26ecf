import { PlatformError } from '../../kernel/errors.ts';
import { slugProblem } from './slug.ts';
import type { Tenant } from './tenant.ts';
import type { TenantStore } from './tenant-store.ts';

/** The tenant of a slug; throws `tenancy.tenant-unknown`. For operators, who name a tenant that their token does not carry. */
export function resolveTenant(deps: { readonly tenants: TenantStore }) {
  return async (slug: string): Promise<Tenant> => {
    const tenant = slugProblem(slug) === null ? await deps.tenants.find(slug) : null;
    if (tenant === null) throw new PlatformError('tenancy.tenant-unknown');
    return tenant;
  };
}
