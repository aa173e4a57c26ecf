/**
 * Guarantee: an acknowledged send is recorded once with its credits reserved, and a refused send leaves an audit entry and nothing else.
 * Spec: docs/specs/task-lifecycle.md and docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import type { NewTask, RecordOutcome } from '../src/modules/tasks/index.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { digest, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

describe('recording a send', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const kinds = (outcomes: readonly RecordOutcome[], kind: RecordOutcome['kind']): number =>
    outcomes.filter((outcome) => outcome.kind === kind).length;

  /** Records over two processes whose batches all wait for the tenant's wallet before the first of them may go on. */
  async function recordAtOnce(tenant: SeededTenant, tasks: readonly NewTask[]): Promise<readonly RecordOutcome[]> {
    await using other = setting.openProcess();
    const wallet = await setting.holdWallet(tenant.tenantId);
    const outcomes = Promise.all(tasks.map((task, at) => (at % 2 === 0 ? setting : other).store.record(task)));
    await eventually('a batch of each process waits', async () => {
      const waiting = await setting.rows(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return waiting.length >= 2;
    });
    await wallet.release();
    return await outcomes;
  }

  async function refusals(tenant: SeededTenant): Promise<unknown[]> {
    const text = `select action, outcome, resource, facts from colloquy.audit_entries
      where tenant_id = $1 and outcome = 'refused' order by entry_id`;
    return setting.rows(text, uuidOf(tenant.tenantId));
  }

  it('holds the price and keeps the first event under the key of the send', async () => {
    const tenant = await setting.seedTenant({ credits: 25n });
    const task = draftTask(setting, tenant);
    assert.deepEqual(await setting.store.record(task), { kind: 'recorded' });
    assert.deepEqual(await purseOf(setting, tenant.tenantId), {
      granted: 25n,
      available: 15n,
      reserved: 10n,
      used: 0n,
    });
    const row = await setting.store.findForWork(tenant.tenantId, task.taskId);
    assert.deepEqual(
      [row?.state, row?.lastSeq, row?.nodeId, row?.attempt, row?.statusAtMs],
      ['TASK_STATE_SUBMITTED', 1, setting.nodeId, 1, task.statusAtMs],
    );
    const log = await setting.store.readEvents(tenant.tenantId, task.taskId, 0, 10);
    assert.deepEqual(log, [{ seq: 1, kind: 'task', json: task.submitted, state: 'TASK_STATE_SUBMITTED' }]);
    assert.deepEqual(await setting.store.findSend(tenant.tenantId, task.keyHash), {
      taskId: task.taskId,
      fingerprint: task.fingerprint,
    });
    assert.deepEqual(await refusals(tenant), []);
  });

  it('CREDIT-1 accepts exactly as many of 200 concurrent sends as the credits pay for', async () => {
    const tenant = await setting.seedTenant({ credits: 1000n });
    const tasks = Array.from({ length: 200 }, () => draftTask(setting, tenant));
    const outcomes = await recordAtOnce(tenant, tasks);
    assert.equal(kinds(outcomes, 'recorded'), 100);
    assert.equal(kinds(outcomes, 'insufficient'), 100);
    assert.deepEqual(await purseOf(setting, tenant.tenantId), {
      granted: 1000n,
      available: 0n,
      reserved: 1000n,
      used: 0n,
    });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 100);
    assert.equal((await refusals(tenant)).length, 100);
    await assertBooksAreSound(setting);
  });

  it('TASK-5 makes one task of one key that five callers use at once over two processes', async () => {
    // With two callers each batch holds one item, and has no neighbour to be told apart from.
    for (const callers of [5, 2]) {
      const tenant = await setting.seedTenant();
      const same = { keyHash: digest(), fingerprint: digest() };
      const tasks = Array.from({ length: callers }, () => draftTask(setting, tenant, same));
      const outcomes = await recordAtOnce(tenant, tasks);
      assert.equal(kinds(outcomes, 'recorded'), 1);
      const winner = tasks[outcomes.findIndex(({ kind }) => kind === 'recorded')];
      const others = outcomes.filter(({ kind }) => kind !== 'recorded');
      assert.equal(others.length, callers - 1);
      for (const other of others) assert.deepEqual(other, { kind: 'known', taskId: winner?.taskId, sameRequest: true });
      assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 10n);
      assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 1);
      assert.deepEqual(await refusals(tenant), []);
    }
  });

  it('says of a key that is used with another body that it is known and not the same', async () => {
    const tenant = await setting.seedTenant();
    const first = draftTask(setting, tenant);
    await setting.store.record(first);
    const second = draftTask(setting, tenant, { keyHash: first.keyHash });
    assert.deepEqual(await setting.store.record(second), { kind: 'known', taskId: first.taskId, sameRequest: false });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 1);
    assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 10n);
  });

  it('says the same of a key that a further turn takes at this very moment', async () => {
    const tenant = await setting.seedTenant();
    const other = draftTask(setting, tenant);
    await setting.store.record(other);
    const task = draftTask(setting, tenant);
    const turn = await setting.holdKey(tenant.tenantId, task.keyHash, other.taskId);
    const recording = setting.store.record(task);
    await eventually('the recording waits for the key', async () => {
      const waiting = await setting.rows(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return waiting.length === 1;
    });
    await turn.release();
    assert.deepEqual(await recording, { kind: 'known', taskId: other.taskId, sameRequest: false });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 1);
  });

  it('TASK-7 refuses for want of credits with the amounts, uses no key, and leaves one audit entry and nothing else', async () => {
    const tenant = await setting.seedTenant({ credits: 9n });
    const task = draftTask(setting, tenant);
    const refused = { kind: 'insufficient', neededMicrocredits: 10n, availableMicrocredits: 9n };
    assert.deepEqual(await setting.store.record(task), refused);
    assert.deepEqual(await refusals(tenant), [
      { action: 'task.refused', outcome: 'refused', resource: 'agents/echo', facts: { code: 'credits.insufficient' } },
    ]);
    for (const table of ['tasks', 'task_events', 'idempotency_keys']) {
      assert.equal(await countRows(setting, table, tenant.tenantId), 0, table);
    }
    assert.deepEqual(await purseOf(setting, tenant.tenantId), { granted: 9n, available: 9n, reserved: 0n, used: 0n });
    assert.deepEqual(
      await setting.store.record({ ...task, taskId: setting.ids.next('tsk'), reserveMicrocredits: 9n }),
      {
        kind: 'recorded',
      },
    );
  });

  it('CREDIT-2 names to each refused send what was left when its turn came', async () => {
    const tenant = await setting.seedTenant({ credits: 25n });
    const outcomes = await Promise.all(
      [10n, 10n, 10n, 5n, 1n].map((price) => {
        return setting.store.record(draftTask(setting, tenant, { reserveMicrocredits: price }));
      }),
    );
    assert.deepEqual(outcomes, [
      { kind: 'recorded' },
      { kind: 'recorded' },
      { kind: 'insufficient', neededMicrocredits: 10n, availableMicrocredits: 5n },
      { kind: 'recorded' },
      { kind: 'insufficient', neededMicrocredits: 1n, availableMicrocredits: 0n },
    ]);
    await assertBooksAreSound(setting);
  });

  it('answers the same for a deregistered agent and for an unknown agent', async () => {
    const tenant = await setting.seedTenant();
    await setting.deregisterAgent(tenant);
    const closed = draftTask(setting, tenant);
    const unknown = draftTask(setting, tenant, { agentId: setting.ids.next('agt') });
    assert.deepEqual(await setting.store.record(closed), { kind: 'agent-closed' });
    assert.deepEqual(await setting.store.record(unknown), { kind: 'agent-closed' });
    assert.equal(await countRows(setting, 'tasks', tenant.tenantId), 0);
    assert.equal(await setting.store.findSend(tenant.tenantId, closed.keyHash), null);
    assert.equal((await refusals(tenant)).length, 2);
    assert.equal((await purseOf(setting, tenant.tenantId)).reserved, 0n);
  });

  it('CREDIT-9 takes a free call without credits and writes no ledger entry for it', async () => {
    const tenant = await setting.seedTenant({ credits: 0n });
    const task = draftTask(setting, tenant, { reserveMicrocredits: 0n });
    assert.deepEqual(await setting.store.record(task), { kind: 'recorded' });
    assert.equal(await countRows(setting, 'ledger_entries', tenant.tenantId), 0);
    await assertBooksAreSound(setting);
  });

  it('tells a repeated try of one recording that it is recorded, and writes nothing again', async () => {
    const tenant = await setting.seedTenant();
    const task = draftTask(setting, tenant);
    await setting.store.record(task);
    const before = await setting.everyRowOf(tenant.tenantId);
    assert.deepEqual(await setting.store.record(task), { kind: 'recorded' });
    assert.equal(await setting.everyRowOf(tenant.tenantId), before);
  });

  it('refuses a repeated try of a refused recording again, under the one audit entry', async () => {
    const tenant = await setting.seedTenant({ credits: 1n });
    const task = draftTask(setting, tenant);
    await setting.store.record(task);
    const before = await setting.everyRowOf(tenant.tenantId);
    assert.equal((await setting.store.record(task)).kind, 'insufficient');
    assert.equal(await setting.everyRowOf(tenant.tenantId), before);
  });

  it('CREDIT-8 keeps tenants apart that share a batch: the agent of one is unknown to the other, its key is free', async () => {
    const [one, other] = [await setting.seedTenant(), await setting.seedTenant()];
    const key = digest();
    const owned = draftTask(setting, one, { keyHash: key });
    const mixed = [
      owned,
      draftTask(setting, other, { keyHash: key }),
      draftTask(setting, one, { agentId: other.agentId }),
      draftTask(setting, other, { agentId: one.agentId }),
      // The id of the neighbour's task: allowed, for it is another row.
      draftTask(setting, other, { taskId: owned.taskId }),
    ];
    const outcomes = await Promise.all(mixed.map((task) => setting.store.record(task)));
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['recorded', 'recorded', 'agent-closed', 'agent-closed', 'recorded'],
    );
    assert.equal(await countRows(setting, 'tasks', one.tenantId), 1);
    assert.equal(await countRows(setting, 'tasks', other.tenantId), 2);
    assert.equal((await purseOf(setting, one.tenantId)).reserved, 10n);
    assert.equal((await purseOf(setting, other.tenantId)).reserved, 20n);
    assert.equal((await refusals(one)).length, 1);
    assert.equal((await refusals(other)).length, 1);
    await assertBooksAreSound(setting);
  });

  it('finds no key of another tenant that shares the batch', async () => {
    const [one, other] = [await setting.seedTenant(), await setting.seedTenant()];
    const known = draftTask(setting, one);
    await setting.store.record(known);
    const same = { keyHash: known.keyHash, fingerprint: known.fingerprint };
    const mixed = [draftTask(setting, one), draftTask(setting, other, same), draftTask(setting, one, same)];
    const outcomes = await Promise.all(mixed.map((task) => setting.store.record(task)));
    assert.deepEqual(outcomes, [
      { kind: 'recorded' },
      { kind: 'recorded' },
      { kind: 'known', taskId: known.taskId, sameRequest: true },
    ]);
    assert.equal(await countRows(setting, 'tasks', other.tenantId), 1);
  });
});
