/** Guarantee: an amount that no wallet can hold, and an end that is not the caller's to write, change nothing. Spec: docs/specs/credits.md. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { asPlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { NewTask, TaskEnd, TaskWrite } from '../src/modules/tasks/index.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** The largest amount of a bigint column. */
const columnMax = 2n ** 63n - 1n;

describe('the ledger', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  /** What each came to: its outcome, or the code of its failure. */
  async function outcomesOf(work: readonly Promise<string | { readonly kind: string }>[]): Promise<readonly string[]> {
    const settled = await Promise.allSettled(work);
    return settled.map((one) => {
      if (one.status === 'rejected') return asPlatformError(one.reason).code;
      return typeof one.value === 'string' ? one.value : one.value.kind;
    });
  }

  async function recorded(tenant: SeededTenant, reserveMicrocredits = 10n): Promise<NewTask> {
    const task = draftTask(setting, tenant, { reserveMicrocredits });
    assert.equal((await setting.store.record(task)).kind, 'recorded');
    return task;
  }

  const endOf = (task: NewTask, end: Partial<TaskEnd>, overrides: Partial<TaskWrite> = {}): TaskWrite => {
    const write = draftEnd(setting, task, 'TASK_STATE_COMPLETED', overrides);
    return { ...write, end: write.end && { ...write.end, ...end } };
  };

  const expectPurse = async (tenant: SeededTenant, available: bigint, reserved: bigint, used: bigint): Promise<void> =>
    assert.deepEqual(await purseOf(setting, tenant.tenantId), { granted: 1_000n, available, reserved, used });

  it('CREDIT-63 reserves no amount below zero or beyond a column, and what shares its batch is reserved', async () => {
    const tenant = await setting.seedTenant({ credits: 1_000n });
    const prices = [10n, -1n, 20n, -(2n ** 63n), columnMax, columnMax, 2n ** 63n, 2n ** 64n, 30n];
    const drafts = prices.map((reserveMicrocredits) => draftTask(setting, tenant, { reserveMicrocredits }));
    const outcomes = await outcomesOf(drafts.map((draft) => setting.store.record(draft)));
    assert.deepEqual(outcomes, [
      'recorded',
      'request.invalid',
      'recorded',
      'request.invalid',
      'insufficient',
      'insufficient',
      'request.invalid',
      'request.invalid',
      'recorded',
    ]);
    await expectPurse(tenant, 940n, 60n, 0n);
    await assertBooksAreSound(setting);
  });

  it('CREDIT-63 settles no price below zero or beyond a column, and takes no more than a tenant has and may owe', async () => {
    const tenant = await setting.seedTenant({ credits: 1_000n });
    await setting.rows(
      `insert into colloquy.credit_settings (tenant_id, overage_policy, overage_max_microcredits, changed_by) values ($1, 'debit', 7, 'cli_seed')`,
      uuidOf(tenant.tenantId),
    );
    // Credits that a price below zero would give back.
    await setting.store.write(endOf(await recorded(tenant, 100n), {}));
    const prices = [-1n, -(2n ** 63n), 2n ** 63n];
    for (const isMetered of [true, undefined]) {
      const tasks = await Promise.all([...prices, 4n].map(() => recorded(tenant)));
      const writes = [...prices, 4n].map((priceMicrocredits, at) => {
        const [task = tasks[0]] = tasks.slice(at);
        assert.ok(task !== undefined);
        return endOf(task, { priceMicrocredits, ...(isMetered ? { isMetered } : {}) });
      });
      const outcomes = await outcomesOf(writes.map((write) => setting.store.write(write)));
      assert.deepEqual(outcomes, ['request.invalid', 'request.invalid', 'request.invalid', 'written']);
      await assertBooksAreSound(setting);
      for (const task of tasks.slice(0, -1))
        assert.equal(await setting.store.write(draftEnd(setting, task, 'TASK_STATE_FAILED')), 'written');
    }
    await expectPurse(tenant, 892n, 0n, 108n);
    const dear = await Promise.all([recorded(tenant), recorded(tenant), recorded(tenant)]);
    const ends = dear.map((task, at) =>
      endOf(task, at === 1 ? { priceMicrocredits: 3n } : { priceMicrocredits: columnMax, isMetered: true }),
    );
    assert.deepEqual(await outcomesOf(ends.map((end) => setting.store.write(end))), ['written', 'written', 'written']);
    // All that it had, and the seven that it may owe.
    await expectPurse(tenant, 0n, 0n, 1_007n);
    await assertBooksAreSound(setting);
  });

  it('CREDIT-64 ends no task of another tenant, none that has ended, and none that is not there', async () => {
    const tenant = await setting.seedTenant({ credits: 1_000n });
    const neighbour = await setting.seedTenant({ credits: 1_000n });
    const open = await recorded(tenant);
    const finished = await recorded(tenant);
    await setting.store.write(endOf(finished, {}));
    const answered = await recorded(tenant);
    await setting.store.write(draftWrite(answered, [statusDraft(answered, 'TASK_STATE_INPUT_REQUIRED')]));
    await setting.store.write(endOf(answered, {}, { nodeId: null, expectedSeq: 2 }));
    // What a wrong end could take from.
    await recorded(neighbour);
    const before = [await setting.everyRowOf(tenant.tenantId), await setting.everyRowOf(neighbour.tenantId)];
    const places: readonly (readonly [NewTask, Partial<TaskWrite>])[] = [
      [open, { tenantId: neighbour.tenantId }],
      [finished, {}],
      [finished, { expectedSeq: 2 }],
      [finished, { expectedSeq: 2, nodeId: null }],
      [answered, { expectedSeq: 3, nodeId: null }],
      [draftTask(setting, tenant), {}],
    ];
    const ends: readonly Partial<TaskEnd>[] = [
      {},
      { priceMicrocredits: 4n },
      { priceMicrocredits: 40n, isMetered: true },
      { closing: 'release' },
      { closing: 'expire' },
    ];
    for (const [task, place] of places) {
      // At once in shared batches, and each alone.
      const writes = ends.map((end) => endOf(task, end, place));
      const together = await outcomesOf(writes.map((write) => setting.store.write(write)));
      assert.deepEqual(together, Array<string>(ends.length).fill('stale'));
      for (const write of writes) assert.equal(await setting.store.write(write), 'stale');
      for (const write of writes) assert.equal(await setting.store.write({ ...write, queuePlace: 'held' }), 'stale');
    }
    assert.deepEqual([await setting.everyRowOf(tenant.tenantId), await setting.everyRowOf(neighbour.tenantId)], before);
    await assertBooksAreSound(setting);
  });
});
