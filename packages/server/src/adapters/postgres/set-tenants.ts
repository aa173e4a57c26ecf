import type { Statement } from './statement.ts';

/** Both spellings that PostgreSQL prints or that an id of the kernel carries. */
const uuid = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Names the tenants of this transaction. The setting ends with it, so a pooled connection carries no tenant on. */
export function setTenants(tenantIds: readonly string[]): Statement {
  return {
    name: 'set-tenants',
    text: "select set_config('colloquy.tenant_ids', $1, true)",
    values: [tenantArray(tenantIds)],
  };
}

/** The array literal that the policies read. Anything but a lower-case uuid is refused: it could add a tenant. */
export function tenantArray(tenantIds: readonly string[]): string {
  const foreign = tenantIds.find((tenantId) => !uuid.test(tenantId));
  if (foreign !== undefined) throw new TypeError('A tenant id must be a lower-case uuid.');
  return `{${tenantIds.join(',')}}`;
}

const setReadOnlyTenantSql =
  "select set_config('colloquy.tenant_ids', $1, true), set_config('transaction_read_only', 'on', true)";

/**
 * Planner settings for a statement that is planned once. The plan may be made while the tables are empty, so it must be one that
 * does not grow with them.
 */
const plannedOnce =
  "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

/** Names the one tenant of this transaction from here on, and refuses every write in it. */
export function setReadOnlyTenant(tenantId: string, isPlannedOnce = false): Statement {
  const values = [tenantArray([tenantId])];
  return isPlannedOnce
    ? { name: 'set-read-only-tenant-planned-once', text: `${setReadOnlyTenantSql}, ${plannedOnce}`, values }
    : { name: 'set-read-only-tenant', text: setReadOnlyTenantSql, values };
}
