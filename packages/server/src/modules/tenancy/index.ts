export { createTenant } from './create-tenant.ts';
export type { CreateTenantInput } from './create-tenant.ts';
export { listTenants, resolveTenant } from './list-tenants.ts';
export { slugProblem, tenantSlugProblem } from './slug.ts';
export type { RegisteredTenant, Tenant } from './tenant.ts';
export type { TenantOrigin, TenantStore } from './tenant-store.ts';
