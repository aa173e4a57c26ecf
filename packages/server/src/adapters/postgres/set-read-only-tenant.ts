import { tenantArray } from './set-tenants.ts';
import type { Statement } from './statement.ts';

/** Names the one tenant of this transaction from here on, and refuses every write in it. */
export function setReadOnlyTenant(tenantId: string): Statement {
  return {
    name: 'set-read-only-tenant',
    text: "select set_config('colloquy.tenant_ids', $1, true), set_config('transaction_read_only', 'on', true)",
    values: [tenantArray([tenantId])],
  };
}
