/**
 * Guarantee: the windows of a tenant's budgets are charged exactly what its tasks hold and used, no hard budget pays for more than its limit, and no
 * send after a change of a budget is judged by what was set before.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { createBudgetStore } from '../src/adapters/postgres/budgets/budget-store.ts';
import type { NewTask, RecordOutcome } from '../src/modules/tasks/index.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { budgetOf, dayMs, draftBudgeted, setBudget, unsetBudget } from './budget-setting.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { digest, draftEnd, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { ProcessPools, SeededTenant, TaskSetting } from './task-setting.ts';

describe('recording a send of a tenant with budgets', () => {
  let setting: TaskSetting;
  let other: ProcessPools;
  before(async () => {
    setting = await startTaskSetting();
    other = setting.openProcess();
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await setting[Symbol.asyncDispose]();
  });
  afterEach(() => assertBooksAreSound(setting));

  const recordAll = (tasks: readonly NewTask[]): Promise<readonly RecordOutcome[]> =>
    Promise.all(tasks.map((task, at) => (at % 2 === 0 ? setting : other).store.record(task)));

  const draftMany = async (tenant: SeededTenant, count: number): Promise<readonly NewTask[]> => {
    const { budgets } = await draftBudgeted(setting, tenant);
    assert.ok(budgets !== undefined);
    return Array.from({ length: count }, () => draftTask(setting, tenant, { budgets }));
  };

  const end = (task: NewTask, state: 'TASK_STATE_COMPLETED' | 'TASK_STATE_FAILED') =>
    setting.store.write(draftEnd(setting, task, state));

  const lefts = async (tenant: SeededTenant, ...names: readonly string[]): Promise<readonly bigint[]> =>
    Promise.all(names.map(async (name) => (await budgetOf(setting, tenant, name)).leftMicrocredits));

  it('CREDIT-30 accepts exactly as many of 200 concurrent sends as a hard budget pays for, over two processes', async () => {
    const tenant = await setting.seedTenant();
    await setBudget(setting, tenant, { limitMicrocredits: 1_005n });
    const outcomes = await recordAll(await draftMany(tenant, 200));
    const refused = outcomes.filter((outcome) => outcome.kind === 'budget-exceeded');
    assert.equal(outcomes.filter(({ kind }) => kind === 'recorded').length, 100);
    assert.equal(refused.length, 100);
    assert.deepEqual(new Set(refused.map(({ leftMicrocredits }) => leftMicrocredits)), new Set([5n]));
    assert.deepEqual(await lefts(tenant, 'all'), [5n]);
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 100);
    assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 1_000n);
  });

  it('CREDIT-37 charges what a task costs that reserved nothing, also when it is the first of its window', async () => {
    const tenant = await setting.seedTenant();
    await setting.rows(
      `insert into colloquy.credit_settings (tenant_id, overage_policy, overage_max_microcredits, changed_by) values ($1, 'debit', 0, 'cli_seed')`,
      uuidOf(tenant.tenantId),
    );
    await setBudget(setting, tenant, { limitMicrocredits: 100n });
    const { budgets } = await draftBudgeted(setting, tenant);
    assert.ok(budgets !== undefined);
    for (const [costs, left] of [
      [58n, 42n],
      [50n, -8n],
      // A task that reserves nothing is not refused by a budget that is spent.
      [0n, -8n],
    ] as const) {
      const task = draftTask(setting, tenant, { budgets, reserveMicrocredits: 0n });
      assert.equal((await setting.store.record(task)).kind, 'recorded');
      const write = draftEnd(setting, task, 'TASK_STATE_COMPLETED');
      const measured = { priceMicrocredits: costs, isMetered: true } as const;
      assert.equal(await setting.store.write({ ...write, end: write.end && { ...write.end, ...measured } }), 'written');
      assert.deepEqual(await lefts(tenant, 'all'), [left]);
    }
  });

  it('CREDIT-31 charges every budget that pays for the task, or none, and names the one that refuses and what it had left', async () => {
    const tenant = await setting.seedTenant();
    await setBudget(setting, tenant, { name: 'all', limitMicrocredits: 100n, period: 'total' });
    await setBudget(setting, tenant, { name: 'echo', scope: 'agent', subject: 'echo', limitMicrocredits: 25n });
    await setBudget(setting, tenant, { name: 'own', scope: 'client', subject: tenant.ownerId, limitMicrocredits: 90n });
    await setBudget(setting, tenant, { name: 'rest', scope: 'agent', subject: 'rates', limitMicrocredits: 0n });
    const prices = [10n, 10n, 5n, 1n, 0n];
    const { budgets } = await draftBudgeted(setting, tenant);
    assert.ok(budgets !== undefined);
    const record = (reserveMicrocredits: bigint): Promise<RecordOutcome> =>
      setting.store.record(draftTask(setting, tenant, { budgets, reserveMicrocredits }));
    // The first send of a window makes its row; after it, sends are admitted in their order.
    const first = await record(10n);
    const outcomes = [first, ...(await Promise.all(prices.map(record)))];
    const shown = outcomes.map((outcome) =>
      outcome.kind === 'budget-exceeded'
        ? [outcome.window.budget.name, outcome.neededMicrocredits, outcome.leftMicrocredits]
        : outcome.kind,
    );
    assert.deepEqual(shown, ['recorded', 'recorded', ['echo', 10n, 5n], 'recorded', ['echo', 1n, 0n], 'recorded']);
    assert.deepEqual(await lefts(tenant, 'all', 'echo', 'own', 'rest'), [75n, 0n, 65n, 0n]);
    const entries = await setting.rows(
      `select facts from colloquy.audit_entries where tenant_id = $1 and action = 'task.refused'`,
      uuidOf(tenant.tenantId),
    );
    const facts = { code: 'credits.budget-exceeded', budget: 'echo' };
    assert.deepEqual(entries, [{ facts }, { facts }]);
  });

  it('CREDIT-32 charges a soft budget below zero and refuses nothing for it', async () => {
    const tenant = await setting.seedTenant();
    await setBudget(setting, tenant, { mode: 'soft', limitMicrocredits: 15n });
    const outcomes = await recordAll(await draftMany(tenant, 3));
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(['recorded']));
    assert.deepEqual(await lefts(tenant, 'all'), [-15n]);
  });

  it('CREDIT-33 gives back what a task releases to the windows that paid for it, also after their end', async () => {
    const tenant = await setting.seedTenant();
    const nowMs = Date.now();
    await setBudget(setting, tenant);
    const yesterday = await draftBudgeted(setting, tenant, { statusAtMs: nowMs - dayMs });
    const today = await draftBudgeted(setting, tenant, { statusAtMs: nowMs });
    const paid = await draftBudgeted(setting, tenant, { statusAtMs: nowMs });
    await recordAll([yesterday, today, paid]);
    const windowLeft = async (task: NewTask): Promise<bigint | undefined> =>
      (
        await setting.rows<{ left: bigint }>(
          'select left_microcredits as left from colloquy.delegation_budgets where task_id = $1',
          task.budgets?.windows[0]?.windowId,
        )
      )[0]?.left;
    assert.deepEqual([await windowLeft(yesterday), await windowLeft(today)], [90n, 80n]);
    await end(yesterday, 'TASK_STATE_FAILED');
    await end(paid, 'TASK_STATE_COMPLETED');
    assert.deepEqual([await windowLeft(yesterday), await windowLeft(today)], [100n, 80n]);
    await end(today, 'TASK_STATE_FAILED');
    assert.deepEqual([await windowLeft(yesterday), await windowLeft(today)], [100n, 90n]);
    assert.equal((await budgetOf(setting, tenant)).spentMicrocredits, 10n);
  });

  it('CREDIT-34 changes what is left by the difference of the limits, and a limit below what is spent refuses new sends only', async () => {
    const tenant = await setting.seedTenant();
    await setBudget(setting, tenant);
    const first = await draftBudgeted(setting, tenant);
    await setting.store.record(first);
    assert.equal((await setBudget(setting, tenant, { limitMicrocredits: 30n })).leftMicrocredits, 20n);
    assert.equal((await setBudget(setting, tenant, { limitMicrocredits: 4n })).leftMicrocredits, -6n);
    const refused = await setting.store.record(await draftBudgeted(setting, tenant));
    assert.deepEqual(
      [refused.kind, 'leftMicrocredits' in refused && refused.leftMicrocredits],
      ['budget-exceeded', -6n],
    );
    assert.equal(await end(first, 'TASK_STATE_COMPLETED'), 'written');
    assert.equal((await setBudget(setting, tenant, { limitMicrocredits: 20n })).leftMicrocredits, 10n);
    assert.equal((await setting.store.record(await draftBudgeted(setting, tenant))).kind, 'recorded');
    // Another period counts anew.
    assert.equal((await setBudget(setting, tenant, { limitMicrocredits: 20n, period: 'month' })).leftMicrocredits, 20n);
  });

  it('CREDIT-35 records nothing that was prepared with other budgets than the tenant has now', async () => {
    const tenant = await setting.seedTenant();
    const without = await draftBudgeted(setting, tenant);
    await setBudget(setting, tenant);
    const before = await draftBudgeted(setting, tenant);
    await setBudget(setting, tenant, { limitMicrocredits: 5n });
    const delegation = { chain: { root: without.taskId, parent: null, depth: 0, ancestors: [] } };
    const delegated = { ...delegation, budgetTaskIds: [], budgetMicrocredits: null };
    const queueing = { delayMs: 0, deadlineAtMs: null };
    const outdated = [
      without,
      draftTask(setting, tenant, { delegation: delegated }),
      draftTask(setting, tenant, { queueing }),
      before,
    ];
    for (const task of outdated) assert.deepEqual(await setting.store.record(task), { kind: 'outdated' });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 0);
    assert.equal(await countRows(setting, 'delegation_budgets', tenant.tenantId), 0);
    assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 0n);
    const current = await draftBudgeted(setting, tenant);
    await unsetBudget(setting, tenant, 'all');
    assert.deepEqual(await setting.store.record(current), { kind: 'outdated' });
    assert.deepEqual(await setting.store.record(await draftBudgeted(setting, tenant)), { kind: 'recorded' });
  });

  it('CREDIT-36 charges a repeated send once, and delegated and queued tasks as well as their chain', async () => {
    const tenant = await setting.seedTenant();
    await setBudget(setting, tenant);
    const task = await draftBudgeted(setting, tenant);
    await setting.store.record(task);
    assert.deepEqual(await setting.store.record(task), { kind: 'recorded' });
    const known = await setting.store.record({ ...task, taskId: setting.ids.next('tsk') });
    assert.equal(known.kind, 'known');
    assert.deepEqual(await lefts(tenant, 'all'), [90n]);
    const root = setting.ids.next('tsk');
    const chain = { root, parent: null, depth: 0, ancestors: [] };
    const delegation = { chain, budgetTaskIds: [], budgetMicrocredits: 30n };
    const parent = await draftBudgeted(setting, tenant, { taskId: root, delegation });
    assert.deepEqual(await setting.store.record(parent), { kind: 'recorded', budgetLeft: 20 });
    const found = await setting.store.findParent(tenant.tenantId, root);
    assert.deepEqual(found?.budgetTaskIds, [root]);
    const child = await draftBudgeted(setting, tenant, {
      delegation: { chain: { ...chain, parent: root, depth: 1 }, budgetTaskIds: [root], budgetMicrocredits: null },
      queueing: { delayMs: 0, deadlineAtMs: null },
    });
    assert.equal((await setting.store.record(child)).kind, 'recorded');
    assert.deepEqual(await lefts(tenant, 'all'), [70n]);
    assert.equal(await createBudgetStore(setting.readers).readReserved(tenant.tenantId, 'all'), 30n);
    await end(task, 'TASK_STATE_COMPLETED');
    assert.equal(await createBudgetStore(setting.readers).readReserved(tenant.tenantId, 'all'), 20n);
  });

  it('CREDIT-37 counts to the unit while sends, ends and changes of limits come in any order at two processes', async () => {
    const tenant = await setting.seedTenant();
    const names = ['all', 'echo', 'own'] as const;
    await setBudget(setting, tenant, { name: 'all', limitMicrocredits: 400n });
    await setBudget(setting, tenant, {
      name: 'echo',
      scope: 'agent',
      subject: 'echo',
      limitMicrocredits: 300n,
      period: 'month',
    });
    await setBudget(setting, tenant, {
      name: 'own',
      scope: 'client',
      subject: tenant.ownerId,
      limitMicrocredits: 50n,
      mode: 'soft',
    });
    let spent = 0n;
    const worker = async (process: TaskSetting | ProcessPools, seed: number): Promise<void> => {
      for (let step = 0; step < 30; step += 1) {
        const task = await draftBudgeted(setting, tenant, {
          reserveMicrocredits: BigInt((seed * 7 + step * 3) % 11),
          keyHash: digest(),
        });
        const outcome = await process.store.record(task);
        if (seed === 1 && step % 10 === 9)
          await setBudget(setting, tenant, { name: 'all', limitMicrocredits: 400n + BigInt(step) });
        if (outcome.kind !== 'recorded') continue;
        const isPaid = (seed + step) % 3 !== 0;
        await process.store.write(draftEnd(setting, task, isPaid ? 'TASK_STATE_COMPLETED' : 'TASK_STATE_FAILED'));
        if (isPaid) spent += task.reserveMicrocredits;
      }
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => worker(seed % 2 === 0 ? setting : other, seed)));
    assert.ok(spent > 200n && spent <= 300n, `${spent} were spent`);
    const found = await Promise.all(names.map((name) => budgetOf(setting, tenant, name)));
    assert.deepEqual(
      found.map(({ spentMicrocredits }) => spentMicrocredits),
      [spent, spent, spent],
    );
    assert.equal((await purseOf(setting, tenant.tenantId)).used, spent);
  });
});
