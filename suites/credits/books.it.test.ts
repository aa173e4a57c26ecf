/** Guarantee: a run against the model passes only when the books are sound: each way to break them is planted here and must be found. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { uuidOf } from '@colloquy/server/test';
import { createTestDatabase } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { findBookFaults, findDebtFaults, findGrantFaults, readEntryLines } from './books.ts';
import { differences } from './expected-entries.ts';
import { setStage } from './stage.ts';
import type { CreditStage } from './stage.ts';

/** Statements that break the books of tenant $1, by the words that must be found. */
const plants: Readonly<Record<string, string>> = {
  'used is 1': `update colloquy.wallets set available_microcredits = available_microcredits - 1, used_microcredits = 1 where tenant_id = $1`,
  'expired is 1': `update colloquy.wallets set available_microcredits = available_microcredits - 1, expired_microcredits = 1 where tenant_id = $1`,
  'available is 100': `insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits) values ($1, gen_random_uuid(), 'charge', 1)`,
  'its open tasks hold 0': `update colloquy.wallets set available_microcredits = available_microcredits - 1, reserved_microcredits = 1 where tenant_id = $1`,
  'left of grants': `insert into colloquy.credit_grants (tenant_id, grant_id, amount_microcredits, left_microcredits, expires_at)
    values ($1, gen_random_uuid(), 500, 500, now())`,
  'the budget window': `insert into colloquy.delegation_budgets (tenant_id, task_id, budget_microcredits, left_microcredits, budget_id, starts_at)
    select tenant_id, gen_random_uuid(), 9, 8, budget_id, now() from colloquy.budgets where tenant_id = $1 limit 1`,
  'of it is gone': `insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits) values ($1, gen_random_uuid(), 'lapse', 1)`,
  ': reserved is 1, not 0': `update colloquy.wallets set available_microcredits = available_microcredits - 1, reserved_microcredits = 1 where tenant_id = $1`,
  'may owe 0': `update colloquy.wallets set overage_microcredits = 1, used_microcredits = 1 where tenant_id = $1`,
  'is too much': `insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits) values ($1, gen_random_uuid(), 'settle', 1)`,
  'is missing': `delete from colloquy.ledger_entries where tenant_id = $1`,
};

describe('the checks of a run of credits', () => {
  let database: TestDatabase;
  let stage: CreditStage & AsyncDisposable;
  before(async () => {
    database = await createTestDatabase();
    stage = await setStage(database.adminUrl, 0);
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function seed() {
    const policy = { overagePolicy: 'cap', overageMaxMicrocredits: 0n } as const;
    const tenant = await stage.seed({ credits: 100n, policy, hasBudgets: true });
    return { ownId: tenant.tenantId, tenantId: uuidOf(tenant.tenantId), expected: tenant.expected };
  }

  async function faultsOf({ tenantId, ownId, expected }: Awaited<ReturnType<typeof seed>>): Promise<readonly string[]> {
    const { admin } = stage;
    return [
      ...(await findBookFaults(admin, [tenantId])),
      ...(await findDebtFaults(admin, [{ tenantId, overageMaxMicrocredits: 0n }])),
      ...(await findGrantFaults(admin, [tenantId])),
      ...(await stage.reconcile(ownId)),
      ...differences(expected, await readEntryLines(admin, [tenantId])),
    ];
  }

  it('find nothing in sound books', async () => {
    assert.deepEqual(await faultsOf(await seed()), []);
  });

  for (const [words, statement] of Object.entries(plants)) {
    it(`find that something "${words}"`, async () => {
      const seeded = await seed();
      await stage.admin.query(statement, [seeded.tenantId]);
      const faults = await faultsOf(seeded);
      assert.ok(
        faults.some((fault) => fault.includes(words)),
        faults.join('\n') || 'none',
      );
    });
  }
});
