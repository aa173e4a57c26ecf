import { uuidOf } from '@colloquy/server/test';
import { findBookFaults, findDebtFaults, findGrantFaults, readEntryLines } from './books.ts';
import { differences } from './expected-entries.ts';
import type { EntryLine } from './expected-entries.ts';
import type { CreditTenant } from './seeds.ts';
import type { CreditStage } from './stage.ts';

/** Everything that is not as the model says when nothing is under way. */
export async function findFaults(
  { admin }: Pick<CreditStage, 'admin'>,
  tenants: readonly CreditTenant[],
  expected: readonly EntryLine[],
): Promise<string[]> {
  const tenantIds = tenants.map(({ tenantId }) => uuidOf(tenantId));
  const debtors = tenants.map(({ tenantId, policy }) => ({
    tenantId: uuidOf(tenantId),
    overageMaxMicrocredits: policy.overagePolicy === 'cap' ? 0n : policy.overageMaxMicrocredits,
  }));
  return [
    ...(await findBookFaults(admin, tenantIds)),
    ...differences(expected, await readEntryLines(admin, tenantIds)),
    ...(await findDebtFaults(admin, debtors)),
    ...(await findGrantFaults(admin, tenantIds)),
  ];
}
