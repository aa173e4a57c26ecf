import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { Tenant, TenantStore } from '../../../modules/tenancy/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findTenant } from './find-tenant.ts';
import type { TenantRow } from './find-tenant.ts';
import { insertTenant } from './insert-tenant.ts';
import { listTenants } from './list-tenants.ts';

/** Tenants in PostgreSQL, over a pool of the application's role. */
export function createTenantStore(pool: DatabasePool): TenantStore {
  const noTenant = { tenantIds: [] };
  return {
    async create(tenant, origin) {
      const options = { tenantIds: [uuidOf(tenant.id)] };
      const [created] = await whenAvailable(inTransaction(pool, options, [insertTenant(tenant, origin)]));
      const [row] = created.rows;
      return row === undefined ? null : { ...tenant, createdAt: row.created_at };
    },
    async find(slug) {
      const [found] = await whenAvailable(inTransaction(pool, noTenant, [findTenant(slug)]));
      const [row] = found.rows;
      return row === undefined ? null : tenantOf(row);
    },
    async list(page) {
      const [listed] = await whenAvailable(inTransaction(pool, noTenant, [listTenants(page)]));
      return listed.rows.map((row) => ({ ...tenantOf(row), createdAt: row.created_at }));
    },
  };
}

function tenantOf(row: TenantRow): Tenant {
  return { id: idOf('tnt', row.tenant_id), slug: row.slug, name: row.name };
}
