import { tenantArray } from './set-tenants.ts';
import type { Statement } from './statement.ts';

const text = "select set_config('colloquy.tenant_ids', $1, true), set_config('transaction_read_only', 'on', true)";

/**
 * What else holds for a statement that is planned once. The plan may have been made while the tables were empty, so it is to be one that
 * does not grow with them.
 */
const plannedOnce =
  "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

/** Names the one tenant of this transaction from here on, and refuses every write in it. */
export function setReadOnlyTenant(tenantId: string, isPlannedOnce = false): Statement {
  const values = [tenantArray([tenantId])];
  return isPlannedOnce
    ? { name: 'set-read-only-tenant-planned-once', text: `${text}, ${plannedOnce}`, values }
    : { name: 'set-read-only-tenant', text, values };
}
