import type { Statement } from './statement.ts';

/** Locks the wallets of these tenants (uuids) in one order, first in every batch of recordings, so that no two batches wait for each other. */
export function lockWallets(tenantIds: readonly string[]): Statement {
  return {
    name: 'lock-wallets',
    text: `select from colloquy.wallets where tenant_id = any ($1::uuid[]) order by tenant_id for update`,
    values: [tenantIds],
  };
}
