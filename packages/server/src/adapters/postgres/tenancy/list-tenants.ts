import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import type { TenantRow } from './find-tenant.ts';

/** Tenants in the order of their slugs. Every slug is greater than the empty text. */
export function listTenants({ after, limit }: PageRequest): Statement<TenantRow & { created_at: Date }> {
  return {
    name: 'list-tenants',
    text: 'select tenant_id, slug, name, created_at from colloquy.list_tenants($1, $2)',
    values: [after ?? '', limit],
  };
}
