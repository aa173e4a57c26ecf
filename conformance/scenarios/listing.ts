import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '@colloquy/testkit';
import type { Binding } from '../bindings/binding.ts';
import { assertFailure } from '../bindings/wire-errors.ts';
import { scenario } from '../run/scenario.ts';
import { bareTaskOf, completed, getTask, resultOf, say, startHeld, taskOf } from './wire-objects.ts';
import type { WireTask } from './wire-objects.ts';

interface Page {
  readonly tasks: readonly WireTask[];
  readonly nextPageToken: string;
  readonly pageSize: number;
  readonly totalSize: number;
}

/** Over gRPC an empty token and an absent one are the same bytes. */
async function list(binding: Binding, filter: object): Promise<Page> {
  const page = resultOf<Page>(await binding.call('ListTasks', filter));
  return binding.name === 'GRPC' ? { ...page, nextPageToken: page.nextPageToken ?? '' } : page;
}

/** Completed tasks in a context of their own, oldest first. */
async function fill(binding: Binding, count: number): Promise<{ contextId: string; ids: string[] }> {
  const contextId = `list-${randomUUID()}`;
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await completed(binding, { contextId })).id);
  return { contextId, ids };
}

/** Sections 3.1.3 to 3.1.5: reading, listing and canceling tasks. */
export const listingScenarios = [
  scenario(
    'a list has the newest first and no artifacts unless asked for',
    ['LIST-1', 'LIST-2', 'LIST-3', 'LIST-6', 'LIST-8', 'LIST-11', 'FIELDS-1'],
    async ({ binding }) => {
      const { contextId, ids } = await fill(binding, 3);
      const page = await list(binding, { contextId });
      assert.deepEqual(
        page.tasks.map(({ id }) => id),
        ids.toReversed(),
      );
      assert.deepEqual([page.nextPageToken, page.totalSize], ['', 3]);
      assert.equal(typeof page.pageSize, 'number');
      assert.ok(page.tasks.every((task) => binding.name === 'GRPC' || !('artifacts' in task)));
      const times = page.tasks.map(({ status }) => status.timestamp);
      assert.deepEqual(times, times.toSorted().toReversed());
      const whole = await list(binding, { contextId, includeArtifacts: true });
      assert.ok(whole.tasks.every(({ artifacts }) => artifacts?.length === 1));
    },
  ),
  scenario('a task that changes moves to the front', ['LIST-6', 'LIST-8'], async ({ binding }) => {
    const contextId = `list-${randomUUID()}`;
    const asked = taskOf(await binding.call('SendMessage', say('ask', { contextId })));
    const later = await completed(binding, { contextId });
    assert.deepEqual(
      (await list(binding, { contextId })).tasks.map(({ id }) => id),
      [later.id, asked.id],
    );
    await binding.call('SendMessage', say('echo', { taskId: asked.id }));
    assert.deepEqual(
      (await list(binding, { contextId })).tasks.map(({ id }) => id),
      [asked.id, later.id],
    );
  }),
  scenario(
    'pages follow a cursor, and nothing new disturbs them',
    ['LIST-2', 'LIST-3', 'LIST-5'],
    async ({ binding }) => {
      const { contextId, ids } = await fill(binding, 5);
      const seen: string[] = [];
      let pageToken = '';
      for (let page = 0; page < 3; page += 1) {
        const next = await list(binding, { contextId, pageSize: 2, ...(pageToken === '' ? {} : { pageToken }) });
        seen.push(...next.tasks.map(({ id }) => id));
        pageToken = next.nextPageToken;
        assert.equal(pageToken === '', page === 2);
        await completed(binding, { contextId });
      }
      assert.deepEqual(seen, ids.toReversed());
    },
  ),
  scenario('a list is narrowed by context, state and time', ['LIST-9'], async ({ binding }) => {
    const { contextId, ids } = await fill(binding, 2);
    const asked = taskOf(await binding.call('SendMessage', say('ask', { contextId })));
    const byState = await list(binding, { contextId, status: 'TASK_STATE_INPUT_REQUIRED' });
    assert.deepEqual(
      byState.tasks.map(({ id }) => id),
      [asked.id],
    );
    const last = await getTask(binding, ids[1] ?? '');
    const byTime = await list(binding, { contextId, statusTimestampAfter: last.status.timestamp });
    assert.deepEqual(
      byTime.tasks.map(({ id }) => id),
      [asked.id, ids[1]],
    );
  }),
  scenario('a page holds 50 tasks at first, 1 to 100 on demand', ['LIST-10'], async ({ binding }) => {
    assert.equal((await list(binding, {})).pageSize, 50);
    assert.equal((await list(binding, { pageSize: 100 })).pageSize, 100);
    for (const pageSize of [0, 101, -1]) {
      assertFailure(binding.name, await binding.call('ListTasks', { pageSize }), 'InvalidParams');
    }
    assertFailure(binding.name, await binding.call('ListTasks', { pageToken: 'made-up' }), 'InvalidParams');
  }),
  scenario('an unknown task is not found', ['GET-2', 'CANCEL-3'], async ({ binding }) => {
    for (const id of [randomUUID(), 'no-such-task']) {
      assertFailure(binding.name, await binding.call('GetTask', { id }), 'TaskNotFound');
      assertFailure(binding.name, await binding.call('CancelTask', { id }), 'TaskNotFound');
    }
  }),
  scenario(
    'a canceled task is answered as canceled, and stays so when canceled again',
    ['CANCEL-1', 'IDEMPOTENT-1'],
    async ({ binding, agent }) => {
      const { task, messageId } = await startHeld(binding);
      await eventually('the agent works', () =>
        agent.heard.some(({ params }) => params.message?.messageId === messageId),
      );
      const canceled = bareTaskOf(await binding.call('CancelTask', { id: task.id }));
      assert.deepEqual([canceled.id, canceled.status.state], [task.id, 'TASK_STATE_CANCELED']);
      const again = await binding.call('CancelTask', { id: task.id });
      if (again.failure === undefined) assert.equal(bareTaskOf(again).status.state, 'TASK_STATE_CANCELED');
      else assertFailure(binding.name, again, 'TaskNotCancelable');
      assert.equal((await getTask(binding, task.id)).status.state, 'TASK_STATE_CANCELED');
    },
  ),
  scenario('a task that has completed cannot be canceled', ['CANCEL-2'], async ({ binding }) => {
    const { id } = await completed(binding);
    assertFailure(binding.name, await binding.call('CancelTask', { id }), 'TaskNotCancelable');
    assert.equal((await getTask(binding, id)).status.state, 'TASK_STATE_COMPLETED');
  }),
];
