import { uuidOf } from '../../../kernel/ids.ts';
import type { Tenant, TenantOrigin } from '../../../modules/tenancy/index.ts';
import type { Statement } from '../statement.ts';

const text = `
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
export function insertTenant(tenant: Tenant, origin: TenantOrigin): Statement<{ created_at: Date }> {
  return {
    name: 'insert-tenant',
    text,
    values: [uuidOf(tenant.id), tenant.slug, tenant.name, uuidOf(origin.entryId), origin.actorId, origin.requestId],
  };
}
