import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Tenant, TenantOrigin, TenantStore } from '../../../modules/tenancy/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

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

export const tenantPorts = (pool: DatabasePool) => ({ tenants: createTenantStore(pool) });

function tenantOf(row: TenantRow): Tenant {
  return { id: idOf('tnt', row.tenant_id), slug: row.slug, name: row.name };
}

interface TenantRow {
  readonly tenant_id: string;
  readonly slug: string;
  readonly name: string;
}

/** The tenant of a slug, for callers without a tenant. */
function findTenant(slug: string): Statement<TenantRow> {
  return { name: 'find-tenant', text: 'select tenant_id, slug, name from colloquy.find_tenant($1)', values: [slug] };
}

const insertTenantSql = `
  with created as (
    insert into colloquy.tenants (tenant_id, slug, name) values ($1, $2, $3)
    on conflict (slug) do nothing
    returning tenant_id, slug, created_at
  ), wallet as (
    insert into colloquy.wallets (tenant_id) select tenant_id from created
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $4, $5, 'tenant.created', 'succeeded', 'tenants/' || slug, $6, '{}' from created
  )
  select created_at from created`;

/** A tenant, its empty wallet and the audit entry; no row when the slug is taken. */
function insertTenant(tenant: Tenant, origin: TenantOrigin): Statement<{ created_at: Date }> {
  return {
    name: 'insert-tenant',
    text: insertTenantSql,
    values: [uuidOf(tenant.id), tenant.slug, tenant.name, uuidOf(origin.entryId), origin.actorId, origin.requestId],
  };
}

/** Tenants in the order of their slugs. Every slug is greater than the empty text. */
function listTenants({ after, limit }: PageRequest): Statement<TenantRow & { created_at: Date }> {
  return {
    name: 'list-tenants',
    text: 'select tenant_id, slug, name, created_at from colloquy.list_tenants($1, $2)',
    values: [after ?? '', limit],
  };
}
