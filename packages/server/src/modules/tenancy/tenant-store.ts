import type { EntryId, RequestId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { RegisteredTenant, Tenant } from './tenant.ts';

/** The creator of a tenant, for the audit entry `tenant.created` in the new tenant's log. */
export interface TenantOrigin {
  readonly entryId: EntryId;
  readonly actorId: string;
  readonly requestId: RequestId;
}

/**
 * Durable tenants. Promises of an implementation: `create` writes the tenant, its empty wallet and the audit entry in one
 * transaction or nothing at all; a slug belongs to one tenant for ever; nothing is answered before it is committed.
 */
export interface TenantStore {
  /** Null when the slug is taken. */
  create(tenant: Tenant, origin: TenantOrigin): Promise<RegisteredTenant | null>;
  /** Null when there is no such tenant. */
  find(slug: string): Promise<Tenant | null>;
  /** Tenants in the order of their slugs, after the slug `page.after`; at most `page.limit`. */
  list(page: PageRequest): Promise<readonly RegisteredTenant[]>;
}
