/**
 * Guarantee: items that share a transaction share nothing else: an item that no table can hold fails alone, and a commit whose answer is lost neither
 * loses its items nor repeats them. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually, FakeClock, startDatabaseProxy } from '@colloquy/testkit';
import type { DatabaseProxy } from '@colloquy/testkit';
import { createTaskStore } from '../src/adapters/postgres/tasks/task-store.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import type { NewTask, TaskWrite } from '../src/modules/tasks/index.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { artifactDraft, draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { ProcessPools, SeededTenant, TaskSetting } from './task-setting.ts';

const batchSize = 64;

describe('a shared transaction', () => {
  let setting: TaskSetting;
  let proxy: DatabaseProxy;
  /** A process that reaches the database through the proxy. */
  let far: ProcessPools;

  before(async () => {
    setting = await startTaskSetting();
    proxy = await startDatabaseProxy(setting.database.adminUrl);
    far = setting.openProcess(proxy.url);
  });
  after(async () => {
    await far[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    await setting[Symbol.asyncDispose]();
  });
  afterEach(() => assertBooksAreSound(setting));

  /** The codes of what failed, each with its place. */
  async function failures(work: readonly Promise<unknown>[]): Promise<Record<number, unknown>> {
    const results = await Promise.allSettled(work);
    return Object.fromEntries(
      results.flatMap((result, at) =>
        result.status === 'rejected' ? [[at, (result.reason as { code?: unknown }).code ?? String(result.reason)]] : [],
      ),
    );
  }

  async function recordMany(tenant: SeededTenant, count: number): Promise<readonly NewTask[]> {
    const tasks = Array.from({ length: count }, () => draftTask(setting, tenant));
    const outcomes = await Promise.all(tasks.map((task) => setting.store.record(task)));
    assert.ok(outcomes.every(({ kind }) => kind === 'recorded'));
    return tasks;
  }

  const impossibleRecordings: readonly [string, Partial<NewTask>][] = [
    ['a NUL in a text', { contextId: 'a\0b' }],
    ['an amount beyond the column', { reserveMicrocredits: 2n ** 63n }],
    ['a lone surrogate in a JSON text', { decision: String.raw`{"agent":"\ud800"}` }],
    ['an id too long for an index', { ownerId: randomBytes(10_000).toString('hex') }],
  ];
  for (const [fault, overrides] of impossibleRecordings) {
    it(`records 63 sends beside one with ${fault}`, async () => {
      const tenant = await setting.seedTenant({ credits: 1_000n });
      const drafts = Array.from({ length: batchSize }, (_, at) =>
        draftTask(setting, tenant, at === 17 ? overrides : {}),
      );
      const failed = await failures(drafts.map((draft) => setting.store.record(draft)));
      assert.deepEqual(failed, { 17: 'request.invalid' });
      assert.equal(await countRows(setting, 'tasks', tenant.tenantId), batchSize - 1);
      assert.equal(await countRows(setting, 'idempotency_keys', tenant.tenantId), batchSize - 1);
      assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 630n);
    });
  }

  const impossibleWrites: readonly [string, Partial<TaskWrite>, unknown][] = [
    ['a NUL in a text', { upstreamTaskId: 'a\0b' }, 'request.invalid'],
    ['a number beyond the column', { attempt: 2 ** 31 }, 'request.invalid'],
    ['a sequence beyond the column', { expectedSeq: 2 ** 31 - 1 }, 'request.invalid'],
    [
      'a state that no task is stored with',
      { state: 'TASK_STATE_UNSPECIFIED' },
      'TypeError: No task is stored without a state.',
    ],
  ];
  for (const [fault, overrides, code] of impossibleWrites) {
    it(`writes 63 ends beside one with ${fault}`, async () => {
      const tenant = await setting.seedTenant({ credits: 1_000n });
      const tasks = await recordMany(tenant, batchSize);
      const failed = await failures(
        tasks.map((task, at) =>
          setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED', at === 40 ? overrides : {})),
        ),
      );
      assert.deepEqual(failed, { 40: code });
      const left = await setting.store.findForWork(tenant.tenantId, tasks[40]?.taskId ?? 'tsk_');
      assert.deepEqual([left?.state, left?.lastSeq], ['TASK_STATE_SUBMITTED', 1]);
      assert.deepEqual(await purseOf(setting, tenant.tenantId), {
        granted: 1000n,
        available: 360n,
        reserved: 10n,
        used: 630n,
      });
    });
  }

  it('TASK-9 records and ends beside each other, and one impossible item of either kind fails alone', async () => {
    const tenant = await setting.seedTenant({ credits: 2_000n });
    const old = await recordMany(tenant, 32);
    const fresh = Array.from({ length: 32 }, (_, at) =>
      draftTask(setting, tenant, at === 9 ? { contextId: '\0' } : {}),
    );
    const ends = old.map((task, at) =>
      setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED', at === 5 ? { upstreamTaskId: '\0' } : {})),
    );
    const failed = await failures([...ends, ...fresh.map((task) => setting.store.record(task))]);
    assert.deepEqual(failed, { 5: 'request.invalid', 41: 'request.invalid' });
    assert.deepEqual(await purseOf(setting, tenant.tenantId), {
      granted: 2_000n,
      available: 2_000n - 630n,
      reserved: 320n,
      used: 310n,
    });
  });

  it('has no long write in it: an end that waits keeps neither short ends nor long words of others waiting', async () => {
    const [slow, other] = [await setting.seedTenant({ credits: 100n }), await setting.seedTenant({ credits: 100n })];
    const [held] = await recordMany(slow, 1);
    const [ending, talking] = await recordMany(other, 2);
    assert.ok(held !== undefined && ending !== undefined && talking !== undefined);
    const long = 'x'.repeat(limits.taskWriteBytesMax);
    const wallet = await setting.holdWallet(slow.tenantId);
    const events = [artifactDraft(held, long), statusDraft(held, 'TASK_STATE_COMPLETED')];
    const written = setting.store.write(draftEnd(setting, held, 'TASK_STATE_COMPLETED', { events }));
    const others = [
      draftEnd(setting, ending, 'TASK_STATE_COMPLETED'),
      draftWrite(talking, [artifactDraft(talking, long)]),
    ];
    for (const outcome of others.map((write) => setting.store.write(write))) assert.equal(await outcome, 'written');
    await wallet.release();
    assert.equal(await written, 'written');
    assert.equal((await purseOf(setting, slow.tenantId)).used, 10n);
  });

  it('keeps every text as it came, whatever stands for something in the database', async () => {
    const odd = [
      '',
      'NULL',
      'null',
      '{}',
      '{"a":[1,2]}',
      `"'\\,;$1--/*`,
      'a\nb\u001e\u001fc\t',
      '\u2028 \u{1f600} é',
      '%s ? :x @y',
      ' ',
    ];
    const tenant = await setting.seedTenant();
    const tasks = odd.map((text) => {
      const draft = draftTask(setting, tenant, {
        contextId: text,
        sendOptions: JSON.stringify({ metadata: { text } }),
      });
      return {
        ...draft,
        submitted: JSON.stringify({
          task: { id: draft.taskId, contextId: text, status: { state: 'TASK_STATE_SUBMITTED', text } },
        }),
      };
    });
    await Promise.all(tasks.map((task) => setting.store.record(task)));
    const events = tasks.map((task, at) => [artifactDraft(task, odd[at] ?? ''), artifactDraft(task, 'x')]);
    const writes = tasks.map((task, at) => draftWrite(task, events[at] ?? [], { upstreamTaskId: odd[at] ?? null }));
    await Promise.all(writes.map((write) => setting.store.write(write)));
    for (const [at, task] of tasks.entries()) {
      const row = await setting.store.findForWork(tenant.tenantId, task.taskId);
      assert.deepEqual([row?.contextId, row?.sendOptions, row?.upstreamTaskId], [odd[at], task.sendOptions, odd[at]]);
      const log = await setting.store.readEvents(tenant.tenantId, task.taskId, 0, 10);
      assert.deepEqual(
        log.map(({ json }) => json),
        [task.submitted, ...(events[at] ?? []).map(({ json }) => json)],
      );
    }
  });

  it('keeps a lone surrogate in the words of an agent as it came', async () => {
    const tenant = await setting.seedTenant();
    const [task] = await recordMany(tenant, 1);
    assert.ok(task !== undefined);
    const event = artifactDraft(task, 'before \ud800 after');
    assert.equal(await setting.store.write(draftWrite(task, [event])), 'written');
    const [stored] = await setting.store.readEvents(tenant.tenantId, task.taskId, 1, 1);
    assert.equal(stored?.json, event.json);
    assert.match(stored?.json ?? '', /before \\ud800 after/);
  });

  it('TASK-8 records once what was committed when the answer was lost, also when it is lost again', async () => {
    const tenant = await setting.seedTenant();
    const tasks = Array.from({ length: 20 }, () => draftTask(setting, tenant));
    const lostBefore = proxy.lostAnswers;
    proxy.loseAnswerTo(['record-tasks'], 3);
    const outcomes = await Promise.all(tasks.map((task) => far.store.record(task)));
    assert.deepEqual(
      outcomes,
      tasks.map(() => ({ kind: 'recorded' })),
    );
    assert.equal(proxy.lostAnswers - lostBefore, 3);
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 20);
    assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 200n);
  });

  it('refuses once what was refused when the answer was lost', async () => {
    const tenant = await setting.seedTenant({ credits: 5n });
    proxy.loseAnswerTo(['record-one-task']);
    assert.equal((await far.store.record(draftTask(setting, tenant))).kind, 'insufficient');
    const refusals = await setting.rows(
      `select from colloquy.audit_entries where tenant_id = $1 and outcome = 'refused'`,
      uuidOf(tenant.tenantId),
    );
    assert.equal(refusals.length, 1);
  });

  it('CREDIT-3 ends a task once when the answer to its end was lost', async () => {
    const tenant = await setting.seedTenant();
    const tasks = await recordMany(tenant, 20);
    const lostBefore = proxy.lostAnswers;
    proxy.loseAnswerTo(['write-tasks'], 2);
    const ends = tasks.map((task) => draftEnd(setting, task, 'TASK_STATE_COMPLETED'));
    const outcomes = await Promise.all(ends.map((end) => far.store.write(end)));
    assert.deepEqual(outcomes, Array(20).fill('written'));
    assert.equal(proxy.lostAnswers - lostBefore, 2);
    assert.equal(await countRows(setting, 'task_events', tenant.tenantId), 40);
    assert.equal((await purseOf(setting, tenant.tenantId)).used, 200n);
  });

  it('TASK-8 learns what became of a lost commit although the database goes away in between', async () => {
    const tenant = await setting.seedTenant();
    const task = draftTask(setting, tenant);
    const lostBefore = proxy.lostAnswers;
    proxy.loseAnswerTo(['record-one-task']);
    const recording = far.store.record(task);
    await eventually('the answer is lost', () => proxy.lostAnswers > lostBefore);
    proxy.goAway();
    await assert.rejects(far.store.findSend(tenant.tenantId, task.keyHash), { code: 'platform.unavailable' });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 1);
    proxy.comeBack();
    assert.deepEqual(await recording, { kind: 'recorded' });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 1);
  });

  it('LEASE-9 claims a further turn once when the answer to its claim was lost', async () => {
    const tenant = await setting.seedTenant();
    const [task] = await recordMany(tenant, 1);
    assert.ok(task !== undefined);
    const question = draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')]);
    await setting.store.write(question);
    const viewer = { tenantId: tenant.tenantId, ownerId: tenant.ownerId, agentName: tenant.agentName };
    const { nodeId } = setting;
    const turn = { viewer, taskId: task.taskId, nodeId, expectedSeq: 2, expectedAttempt: 1, statusAtMs: Date.now() };
    const said = { events: [statusDraft(task, 'TASK_STATE_WORKING')], state: 'TASK_STATE_WORKING' } as const;
    const key = { keyHash: uuidOf(setting.ids.next('ent')), fingerprint: uuidOf(setting.ids.next('ent')) };
    const lostBefore = proxy.lostAnswers;
    proxy.loseAnswerTo(['continue-task']);
    const claim = far.store.continueTask({ ...turn, ...said, ...key });
    await eventually('the answer is lost', () => proxy.lostAnswers > lostBefore);
    proxy.goAway();
    await assert.rejects(far.store.findSend(tenant.tenantId, key.keyHash), { code: 'platform.unavailable' });
    proxy.comeBack();
    assert.equal(await claim, 'written');
    const row = await setting.store.findForWork(tenant.tenantId, task.taskId);
    assert.deepEqual([row?.attempt, row?.lastSeq, row?.nodeId], [2, 3, nodeId]);
  });

  it('LEASE-9 takes an interrupted task once when the answer to its claim was lost', async () => {
    const tenant = await setting.seedTenant();
    const [task] = await recordMany(tenant, 1);
    assert.ok(task !== undefined);
    await setting.store.write(draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')]));
    proxy.loseAnswerTo(['claim-interrupted']);
    const claimed = await far.store.claimInterrupted(tenant.tenantId, task.taskId, setting.nodeId, 1);
    assert.deepEqual([claimed?.attempt, claimed?.nodeId, claimed?.cancelRequested], [2, setting.nodeId, true]);
    assert.equal(await setting.store.claimInterrupted(tenant.tenantId, task.taskId, setting.nodeId, 1), null);
  });

  it('changes nothing and says so when its backend is ended before the commit', async () => {
    const tenant = await setting.seedTenant();
    const task = draftTask(setting, tenant);
    const admin = await setting.holdWallet(tenant.tenantId);
    const recording = assert.rejects(setting.store.record(task), { code: 'platform.unavailable' });
    await eventually('the batch waits for the wallet, and its backend is ended', async () => {
      const ended = await setting.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and application_name = 'tasks-test-writers'`,
      );
      return ended.length > 0;
    });
    await recording;
    await admin.release();
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 0);
    assert.deepEqual(await setting.store.record(task), { kind: 'recorded' });
  });

  it('of events alternates with recording, and waits behind a blocked wallet for one batch at most', async () => {
    const [tenant, neighbour] = [await setting.seedTenant(), await setting.seedTenant()];
    const [told] = await recordMany(neighbour, 1);
    assert.ok(told !== undefined);
    const clock = new FakeClock();
    const store = createTaskStore(setting.writers, setting.readers, clock);
    const wallet = await setting.holdWallet(tenant.tenantId);
    const recording = store.record(draftTask(setting, tenant));
    await eventually('the batch waits for the wallet', async () => {
      const waiting = await setting.rows(
        `select from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and application_name = 'tasks-test-writers'`,
      );
      return waiting.length > 0;
    });
    const first = store.write(draftWrite(told, [artifactDraft(told, 'one')]));
    await eventually('it stands in line', () => clock.pendingTimers > 0);
    await clock.advance(limits.batchAloneMsMax - 1);
    await recordMany(neighbour, 1);
    assert.equal((await setting.store.findForWork(neighbour.tenantId, told.taskId))?.lastSeq, 1);
    await clock.advance(1);
    assert.equal(await first, 'written');
    // The wallet was waited for once.
    assert.equal(await store.write(draftWrite(told, [artifactDraft(told, 'two')], { expectedSeq: 2 })), 'written');
    await wallet.release();
    assert.deepEqual(await recording, { kind: 'recorded' });
  });

  it('refuses at once while the database is away, and works again when it is back', async () => {
    const tenant = await setting.seedTenant();
    const task = draftTask(setting, tenant);
    proxy.goAway();
    await assert.rejects(far.store.record(task), { code: 'platform.unavailable' });
    await assert.rejects(far.store.find({ ...tenant }, task.taskId), { code: 'platform.unavailable' });
    proxy.comeBack();
    assert.deepEqual(await far.store.record(task), { kind: 'recorded' });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 1);
  });
});
