import type { Statement } from '../statement.ts';

export interface TenantRow {
  readonly tenant_id: string;
  readonly slug: string;
  readonly name: string;
}

/** The tenant of a slug, for callers without a tenant. */
export function findTenant(slug: string): Statement<TenantRow> {
  return { name: 'find-tenant', text: 'select tenant_id, slug, name from colloquy.find_tenant($1)', values: [slug] };
}
