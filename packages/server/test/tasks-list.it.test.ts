/**
 * Guarantee: paging through tasks shows each unchanged task once, while others come and go, and only the caller's own tasks.
 * Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ListTasksRequest, ListTasksResponse } from '@colloquy/protocol';
import { FakeClock, withAnotherEnd } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import type { NewTask } from '../src/modules/tasks/index.ts';
import { draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { artifactText, startGatewaySetting, textOf } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';

describe('a list of tasks', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  const clock = new FakeClock();

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess({ clock, lease: { fenceAfterMs: 1e9, deadAfterMs: 2e9 } });
  });
  after(() => setting[Symbol.asyncDispose]());

  /** Tasks whose status times go back in time from now, some of them equal. */
  async function recordMany(sender: SeededCaller, count: number): Promise<readonly NewTask[]> {
    const tasks = Array.from({ length: count }, (_, at) =>
      draftTask(setting.tasks, sender.tenant, {
        statusAtMs: clock.nowMs() - Math.floor(at / 3) * 10,
        reserveMicrocredits: 0n,
      }),
    );
    await Promise.all(tasks.map((task) => setting.tasks.store.record(task)));
    return tasks;
  }

  const list = async ({ caller, address }: SeededCaller, request: ListTasksRequest): Promise<ListTasksResponse> =>
    here.gateway.listTasks(caller, address, request);

  /** Every page from the first to the last, with something happening between them. */
  async function page(
    sender: SeededCaller,
    request: ListTasksRequest,
    between: (seen: number) => Promise<void> = async () => Promise.resolve(),
  ): Promise<{ ids: string[]; pages: ListTasksResponse[] }> {
    const pages: ListTasksResponse[] = [];
    let pageToken = '';
    do {
      const answer = await list(sender, { ...request, ...(pageToken === '' ? {} : { pageToken }) });
      pages.push(answer);
      pageToken = answer.nextPageToken;
      if (pageToken !== '') await between(pages.length);
    } while (pageToken !== '');
    return { pages, ids: pages.flatMap(({ tasks }) => tasks.map(({ id }) => id)) };
  }

  /** Newest status first, then the greater id. */
  const inOrder = (tasks: readonly NewTask[]): string[] =>
    tasks.toSorted((a, b) => b.statusAtMs - a.statusAtMs || (a.taskId < b.taskId ? 1 : -1)).map(({ taskId }) => taskId);

  it('shows every task once, in order, page by page, with its exact size', async () => {
    const sender = await setting.seedCaller();
    const tasks = await recordMany(sender, 23);
    const { ids, pages } = await page(sender, { pageSize: 5 });
    assert.deepEqual(ids, inOrder(tasks));
    assert.deepEqual(
      pages.map((one) => [one.tasks.length, one.pageSize, one.totalSize]),
      [5, 5, 5, 5, 3].map((n) => [n, 5, 23]),
    );
    assert.deepEqual((await page(sender, { pageSize: 23 })).pages.length, 1);
    assert.deepEqual(await list(await setting.seedCaller(), {}), {
      tasks: [],
      nextPageToken: '',
      pageSize: 50,
      totalSize: 0,
    });
  });

  it('TASK-15 misses and repeats no task that stays as it is, while others come, change and end', async () => {
    const sender = await setting.seedCaller();
    const tasks = await recordMany(sender, 60);
    const changing = tasks.filter((_, at) => at % 4 === 0);
    const staying = tasks.filter((_, at) => at % 4 !== 0);
    const { ids, pages } = await page(sender, { pageSize: 7 }, async (seen) => {
      await clock.advance(50);
      const changed = changing.slice((seen - 1) * 2, seen * 2);
      for (const [at, task] of changed.entries()) {
        const overrides = { statusAtMs: clock.nowMs() };
        const write =
          at === 0
            ? draftEnd(setting.tasks, task, 'TASK_STATE_COMPLETED', overrides)
            : draftWrite(task, [statusDraft(task, 'TASK_STATE_INPUT_REQUIRED')], overrides);
        assert.equal(await setting.tasks.store.write(write), 'written');
      }
      await recordMany(sender, 3);
    });
    assert.equal(new Set(ids).size, ids.length, 'no task twice');
    const sizes = pages.map(({ totalSize }) => totalSize);
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => b - a),
      'what came later is not counted',
    );
    const kept = new Set(staying.map(({ taskId }): string => taskId));
    assert.deepEqual(
      ids.filter((id) => kept.has(id)),
      inOrder(staying),
    );
    const known = new Set(tasks.map(({ taskId }): string => taskId));
    assert.deepEqual(
      ids.filter((id) => !known.has(id)),
      [],
      'nothing that came later',
    );
  });

  it('does not move for a task that only works on', async () => {
    const sender = await setting.seedCaller();
    const tasks = await recordMany(sender, 6);
    const { ids } = await page(sender, { pageSize: 2 }, async (seen) => {
      await clock.advance(50);
      for (const task of tasks) {
        const write = draftWrite(task, [statusDraft(task, 'TASK_STATE_WORKING')], { expectedSeq: seen });
        assert.equal(await setting.tasks.store.write(write), 'written');
      }
    });
    assert.deepEqual(ids, inOrder(tasks));
  });

  it('keeps to its filters: context, state and time of the status', async () => {
    const sender = await setting.seedCaller();
    const tasks = await recordMany(sender, 12);
    const [first, second] = tasks;
    assert.ok(first !== undefined && second !== undefined);
    const statusAtMs = clock.nowMs();
    await setting.tasks.store.write(draftEnd(setting.tasks, first, 'TASK_STATE_FAILED', { statusAtMs }));
    const idsOf = async (request: ListTasksRequest): Promise<string[]> =>
      (await page(sender, { ...request, pageSize: 2 })).ids;
    assert.deepEqual(await idsOf({ status: 'TASK_STATE_FAILED' }), [first.taskId]);
    assert.equal((await idsOf({ status: 'TASK_STATE_UNSPECIFIED' })).length, 12);
    assert.deepEqual(await idsOf({ contextId: second.contextId }), [second.taskId]);
    assert.deepEqual(await idsOf({ contextId: second.contextId, status: 'TASK_STATE_FAILED' }), []);
    const from = new Date(clock.nowMs() - 20).toISOString();
    const recent = tasks.filter((task) => task.statusAtMs >= clock.nowMs() - 20);
    assert.deepEqual(
      (await idsOf({ statusTimestampAfter: from })).toSorted(),
      recent.map(({ taskId }) => taskId).toSorted(),
    );
  });

  it('tells of each task its state alone, or as much as was asked for', async () => {
    const sender = await setting.seedCaller();
    const { caller, address } = sender;
    const sent = here.gateway.sendMessage(
      caller,
      address,
      { message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] } },
      {},
    );
    const call = await here.agent.nextCall('stream');
    const artifact = { artifactId: 'a', parts: [{ text: 'result' }] };
    call.say({ task: { id: 'up', status: { state: 'TASK_STATE_COMPLETED' }, artifacts: [artifact] } });
    await sent;
    const [brief] = (await list(sender, {})).tasks;
    assert.deepEqual(
      [brief?.status.state, brief?.history, brief?.artifacts],
      ['TASK_STATE_COMPLETED', undefined, undefined],
    );
    const [full] = (await list(sender, { historyLength: 5, includeArtifacts: true })).tasks;
    assert.ok(full !== undefined);
    assert.deepEqual(
      full.history?.map(({ parts }) => textOf(parts)),
      ['hello'],
    );
    assert.equal(artifactText(full), 'result');
  });

  it('TASK-14 belongs to its owner: a colleague, another agent and another tenant see nothing of it', async () => {
    const sender = await setting.seedCaller();
    const [task] = await recordMany(sender, 3);
    assert.ok(task !== undefined);
    const other = await setting.seedCaller();
    const colleague = {
      ...sender,
      caller: { ...sender.caller, principal: { kind: 'oauth-client', id: 'cli_x' } as const },
    };
    assert.equal((await list(colleague, {})).totalSize, 0);
    assert.equal((await list(other, {})).totalSize, 0);
    await assert.rejects(list({ ...sender, caller: other.caller }, {}), { code: 'registry.agent-unknown' });
    await assert.rejects(list({ ...sender, address: { ...sender.address, agentName: 'missing' } }, {}), {
      code: 'registry.agent-unknown',
    });
    const id: TaskId = task.taskId;
    for (const outsider of [colleague, other]) {
      await assert.rejects(here.gateway.getTask(outsider.caller, outsider.address, { id }), { code: 'task.unknown' });
      await assert.rejects(here.gateway.cancelTask(outsider.caller, outsider.address, { id }), {
        code: 'task.unknown',
      });
      await assert.rejects(here.gateway.subscribeToTask(outsider.caller, outsider.address, { id }, {}), {
        code: 'task.unknown',
      });
    }
    await assert.rejects(here.gateway.getTask(sender.caller, sender.address, { id: 'tsk_x' }), {
      code: 'task.unknown',
    });
  });

  it('refuses a token of another list, another caller, another making and another day', async () => {
    const sender = await setting.seedCaller();
    await recordMany(sender, 5);
    const { nextPageToken: pageToken } = await list(sender, { pageSize: 2 });
    const other = await setting.seedCaller();
    await recordMany(other, 5);
    const refused = { code: 'task.page-token-invalid' };
    await assert.rejects(list(other, { pageToken }), refused);
    await assert.rejects(list(sender, { pageToken, status: 'TASK_STATE_FAILED' }), refused);
    await assert.rejects(list(sender, { pageToken: withAnotherEnd(pageToken) }), refused);
    await assert.rejects(list(sender, { pageToken: 'x' }), refused);
    await clock.advance(limits.pageTokenMs);
    assert.equal((await list(sender, { pageToken })).tasks.length, 3);
    await clock.advance(1);
    await assert.rejects(list(sender, { pageToken }), refused);
  });

  it('counts exactly up to its bound and then says the bound', async () => {
    const sender = await setting.seedCaller();
    const { tenantId, agentId, instanceId, ownerId } = sender.tenant;
    const insert = `insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
        last_seq, node_id, attempt, reserved_microcredits, decision, created_at)
      select $1, gen_random_uuid(), 'c', $2, $3, $4, 'req', 'completed', now() - interval '1 day', 1, null, 1, 0, '{}', now()
      from generate_series(1, $5::int)`;
    const values = [uuidOf(tenantId), uuidOf(agentId), uuidOf(instanceId), ownerId];
    await setting.tasks.rows(insert, ...values, limits.listTotalMax - 1);
    assert.equal((await list(sender, { pageSize: 1 })).totalSize, limits.listTotalMax - 1);
    await setting.tasks.rows(insert, ...values, 500);
    assert.equal((await list(sender, { pageSize: 1 })).totalSize, limits.listTotalMax);
  });
});
