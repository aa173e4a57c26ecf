/**
 * Guarantee: only the holder of a task's lease writes to it, in order. The first end of a task counts: once in its log, once in the ledger, once in
 * the audit log. Spec: docs/specs/task-lifecycle.md and docs/specs/lease.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { NewTask, TaskWrite } from '../src/modules/tasks/index.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { artifactDraft, digest, draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting, TenantOverrides } from './task-setting.ts';

describe('writing to a task', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting));

  async function recorded(overrides: TenantOverrides = {}): Promise<{ tenant: SeededTenant; task: NewTask }> {
    const tenant = await setting.seedTenant(overrides);
    const task = draftTask(setting, tenant);
    assert.equal((await setting.store.record(task)).kind, 'recorded');
    return { tenant, task };
  }

  it('TASK-3 appends the events of the lease holder in order and shows the state they bring', async () => {
    const { tenant, task } = await recorded();
    const first = [statusDraft(task, 'TASK_STATE_WORKING'), artifactDraft(task, 'a')];
    assert.equal(await setting.store.write(draftWrite(task, first, { upstreamTaskId: 'up' })), 'written');
    const second = [artifactDraft(task, 'b')];
    assert.equal(await setting.store.write(draftWrite(task, second, { expectedSeq: 3 })), 'written');
    const row = await setting.store.findForWork(tenant.tenantId, task.taskId);
    assert.deepEqual(
      [row?.state, row?.lastSeq, row?.upstreamTaskId, row?.statusAtMs],
      ['TASK_STATE_WORKING', 4, 'up', task.statusAtMs],
    );
    const log = await setting.store.readEvents(tenant.tenantId, task.taskId, 1, 10);
    assert.deepEqual(
      log.map(({ seq, json }) => [seq, json]),
      [...first, ...second].map(({ json }, at) => [at + 2, json]),
    );
  });

  const outsiders: readonly [string, (task: NewTask) => Partial<TaskWrite>][] = [
    ['an earlier attempt', () => ({ attempt: 0 })],
    ['a later attempt', () => ({ attempt: 2 })],
    ['another node', () => ({ nodeId: setting.ids.next('nod') })],
    ['a log that is behind', () => ({ expectedSeq: -1 })],
    ['a log that is ahead', () => ({ expectedSeq: 2 })],
    ['another tenant', () => ({ tenantId: setting.ids.next('tnt') })],
    ['no such task', () => ({ taskId: setting.ids.next('tsk') })],
  ];
  for (const [who, overrides] of outsiders) {
    it(`is refused and changes nothing under ${who}`, async () => {
      const { tenant, task } = await recorded();
      const before = await setting.everyRowOf(tenant.tenantId);
      assert.equal(
        await setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED', overrides(task))),
        'stale',
      );
      assert.equal(await setting.everyRowOf(tenant.tenantId), before);
    });
  }

  it('TASK-14 shows a tenant nothing of its neighbour in a batch whose ids are swapped', async () => {
    const [one, other] = [await recorded(), await recorded()];
    const rowsOf = async (): Promise<string[]> =>
      Promise.all([one, other].map(({ tenant }) => setting.everyRowOf(tenant.tenantId)));
    const before = await rowsOf();
    const swapped = [
      draftEnd(setting, one.task, 'TASK_STATE_COMPLETED', { tenantId: other.tenant.tenantId }),
      draftEnd(setting, other.task, 'TASK_STATE_COMPLETED', { tenantId: one.tenant.tenantId }),
      draftEnd(setting, one.task, 'TASK_STATE_FAILED', { taskId: other.task.taskId }),
    ];
    const outcomes = await Promise.all(swapped.map((write) => setting.store.write(write)));
    assert.deepEqual(outcomes, ['stale', 'stale', 'stale']);
    assert.deepEqual(await rowsOf(), before);
    const viewer = { tenantId: other.tenant.tenantId, ownerId: one.tenant.ownerId, agentName: one.tenant.agentName };
    assert.equal(await setting.store.find(viewer, one.task.taskId), null);
    assert.deepEqual(await setting.store.readEvents(other.tenant.tenantId, one.task.taskId, 0, 10), []);
    assert.equal((await setting.store.readLastStatuses(other.tenant.tenantId, [one.task.taskId])).size, 0);
    assert.equal(await setting.store.findSend(other.tenant.tenantId, one.task.keyHash), null);
  });

  it('CREDIT-3 says of a repeated write that it is written, and writes it once', async () => {
    const { tenant, task } = await recorded();
    for (const write of [
      draftWrite(task, [artifactDraft(task, 'a')]),
      draftEnd(setting, task, 'TASK_STATE_COMPLETED', { expectedSeq: 2 }),
    ]) {
      assert.equal(await setting.store.write(write), 'written');
      const before = await setting.everyRowOf(tenant.tenantId);
      const again = await Promise.all([1, 2, 3].map(() => setting.store.write(write)));
      assert.deepEqual(again, ['written', 'written', 'written']);
      assert.equal(await setting.everyRowOf(tenant.tenantId), before);
    }
    assert.equal((await purseOf(setting, tenant.tenantId)).used, 10n);
  });

  it('TASK-1 ends a task once, whatever tries to end it again', async () => {
    const { tenant, task } = await recorded();
    await setting.store.write(draftEnd(setting, task, 'TASK_STATE_FAILED'));
    const before = await setting.everyRowOf(tenant.tenantId);
    assert.equal(
      await setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED', { expectedSeq: 2 })),
      'stale',
    );
    assert.equal(await setting.store.claimInterrupted(tenant.tenantId, task.taskId, setting.nodeId, 1), null);
    assert.equal(await setting.store.requestCancel(tenant, task.taskId), false);
    const turn = { events: [statusDraft(task, 'TASK_STATE_WORKING')], state: 'TASK_STATE_WORKING' } as const;
    const key = { keyHash: digest(), fingerprint: digest() };
    const place = { viewer: tenant, taskId: task.taskId, nodeId: setting.nodeId, expectedSeq: 2, expectedAttempt: 1 };
    assert.equal(await setting.store.continueTask({ ...place, ...turn, ...key, statusAtMs: 0 }), 'stale');
    assert.equal(await setting.everyRowOf(tenant.tenantId), before);
    assert.deepEqual(await purseOf(setting, tenant.tenantId), {
      granted: 1_000_000n,
      available: 1_000_000n,
      reserved: 0n,
      used: 0n,
    });
  });

  it('leaves an interrupted task without a lease and with its credits held', async () => {
    const { tenant, task } = await recorded();
    const asked = draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')], { statusAtMs: 7 });
    assert.equal(await setting.store.write(asked), 'written');
    const row = await setting.store.findForWork(tenant.tenantId, task.taskId);
    assert.deepEqual([row?.nodeId, row?.statusAtMs], [null, 7]);
    assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 10n);
    const late = draftWrite(task, [artifactDraft(task, 'late')], { expectedSeq: 2 });
    assert.equal(await setting.store.write(late), 'stale');
  });

  it('TASK-11 gives a waiting task to one of two that continue or cancel it at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { tenant, task } = await recorded();
      await setting.store.write(draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')]));
      const place = { viewer: tenant, taskId: task.taskId, nodeId: setting.nodeId, expectedSeq: 2, expectedAttempt: 1 };
      const turn = { events: [statusDraft(task, 'TASK_STATE_WORKING')], state: 'TASK_STATE_WORKING' } as const;
      const go = (): Promise<string> =>
        setting.store.continueTask({ ...place, ...turn, keyHash: digest(), fingerprint: digest(), statusAtMs: 0 });
      const stop = async (): Promise<string> =>
        (await setting.store.claimInterrupted(tenant.tenantId, task.taskId, setting.nodeId, 1)) === null
          ? 'stale'
          : 'written';
      const outcomes = await Promise.all([go(), stop(), go(), stop()]);
      assert.deepEqual(outcomes.toSorted(), ['stale', 'stale', 'stale', 'written']);
      const row = await setting.store.findForWork(tenant.tenantId, task.taskId);
      assert.equal(row?.attempt, 2);
      assert.equal(await countRows(setting, 'idempotency_keys', tenant.tenantId), row.cancelRequested ? 1 : 2);
    }
  });

  it('is ended by one of two nodes that end a waiting task at once, and tells only that one so', async () => {
    const tenant = await setting.seedTenant();
    const task = draftTask(setting, tenant);
    await setting.store.record(task);
    await setting.store.write(draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')]));
    await using other = setting.openProcess();
    const ends = [setting, other].map(({ store }) => {
      const end = draftEnd(setting, task, 'TASK_STATE_FAILED', { nodeId: null, expectedSeq: 2 });
      return { end, write: () => store.write(end) };
    });
    const outcomes = await Promise.all(ends.map(({ write }) => write()));
    assert.deepEqual(outcomes.toSorted(), ['stale', 'written']);
    assert.deepEqual(await Promise.all(ends.map(({ write }) => write())), outcomes);
    assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 0n);
    await assertBooksAreSound(setting);
  });

  it('CREDIT-3 TASK-1 is not ended again when it waited before it ended, however the second end would close it', async () => {
    for (const reserveMicrocredits of [10n, 0n]) {
      const tenant = await setting.seedTenant();
      const task = draftTask(setting, tenant, { reserveMicrocredits });
      await setting.store.record(task);
      // Another hold, from which the second end could take what the first one has used.
      await setting.store.record(draftTask(setting, tenant));
      await setting.store.write(draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')]));
      const completed = draftEnd(setting, task, 'TASK_STATE_COMPLETED', { nodeId: null, expectedSeq: 2 });
      assert.equal(await setting.store.write(completed), 'written');
      const before = await setting.everyRowOf(tenant.tenantId);
      const place = { nodeId: null, expectedSeq: 3 };
      const metered = { priceMicrocredits: 5n, isMetered: true } as const;
      const again = draftEnd(setting, task, 'TASK_STATE_COMPLETED', place);
      for (const write of [
        again,
        draftEnd(setting, task, 'TASK_STATE_FAILED', place),
        { ...again, end: again.end && { ...again.end, ...metered } },
        draftWrite(task, [artifactDraft(task, 'late')], place),
      ])
        assert.equal(await setting.store.write(write), 'stale');
      assert.equal(await setting.everyRowOf(tenant.tenantId), before);
    }
    await assertBooksAreSound(setting);
  });

  it('takes no message that answers an earlier question', async () => {
    const { tenant, task } = await recorded();
    await setting.store.write(draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')]));
    const { nodeId } = setting;
    const turnAt = (expectedSeq: number, expectedAttempt: number): Promise<string> =>
      setting.store.continueTask({
        viewer: tenant,
        taskId: task.taskId,
        nodeId,
        expectedSeq,
        expectedAttempt,
        events: [statusDraft(task, 'TASK_STATE_WORKING')],
        state: 'TASK_STATE_WORKING',
        keyHash: digest(),
        fingerprint: digest(),
        statusAtMs: 0,
      });
    assert.equal(await turnAt(2, 1), 'written');
    const asked = { nodeId, attempt: 2, expectedSeq: 3 };
    await setting.store.write(draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')], asked));
    const before = await setting.everyRowOf(tenant.tenantId);
    for (const [seq, attempt] of [
      [2, 1],
      [4, 1],
      [2, 2],
      [3, 2],
    ] as const) {
      assert.equal(await turnAt(seq, attempt), 'stale');
    }
    assert.equal(await setting.store.claimInterrupted(tenant.tenantId, task.taskId, nodeId, 1), null);
    assert.equal(await setting.everyRowOf(tenant.tenantId), before);
    assert.equal(await turnAt(4, 2), 'written');
  });

  it('CREDIT-5 has one winner when a node ends its tasks while they are taken from it', async () => {
    await using other = setting.openProcess();
    const tenant = await setting.seedTenant({ credits: 10_000n });
    const nodeId = await setting.registerNode();
    const tasks = Array.from({ length: 200 }, () => draftTask({ ...setting, nodeId }, tenant));
    await Promise.all(tasks.map((task) => setting.store.record(task)));
    await setting.nodes.retire(nodeId);
    const [ends, taken] = await Promise.all([
      Promise.all(tasks.map((task) => setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED')))),
      other.nodes.takeOver(setting.nodeId, 60_000, 1_000),
    ]);
    const completed = ends.filter((outcome) => outcome === 'written').length;
    assert.equal(completed + taken.length, 200);
    const canceled = await Promise.all(
      taken.map(({ taskId, attempt }) => {
        const task = tasks.find((one) => one.taskId === taskId);
        assert.ok(task !== undefined);
        const overrides = { nodeId: setting.nodeId, attempt };
        return other.store.write(draftEnd(setting, task, 'TASK_STATE_CANCELED', overrides));
      }),
    );
    assert.ok(canceled.every((outcome) => outcome === 'written'));
    const { available, reserved, used } = await purseOf(setting, tenant.tenantId);
    assert.deepEqual([used, reserved, available], [BigInt(completed) * 10n, 0n, 10_000n - BigInt(completed) * 10n]);
  });
});
