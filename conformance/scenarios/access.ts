import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Binding, CallOptions, OperationName, Reply } from '../bindings/binding.ts';
import { assertFailure, assertForbidden, assertUnauthenticated } from '../bindings/wire-errors.ts';
import { scenario } from '../run/scenario.ts';
import { completed, getTask, resultOf, say, startHeld } from './wire-objects.ts';

const streaming: ReadonlySet<OperationName> = new Set(['SendStreamingMessage', 'SubscribeToTask']);

/** One call of an operation, streaming or not; a stream that opens counts as a success. */
async function tryOnce(
  binding: Binding,
  operation: OperationName,
  fields: object,
  options?: CallOptions,
): Promise<Reply> {
  if (!streaming.has(operation)) return binding.call(operation, fields, options);
  const stream = await binding.open(operation, fields, options);
  const reply: Reply = stream.refusal ?? { result: 'a stream', status: 200, header: () => undefined };
  stream.close();
  return reply;
}

/** Every operation, on a task. */
const everyOperation = (id: string): readonly (readonly [OperationName, object])[] => [
  ['SendMessage', say('echo')],
  ['SendStreamingMessage', say('echo')],
  ['GetTask', { id }],
  ['ListTasks', {}],
  ['CancelTask', { id }],
  ['SubscribeToTask', { id }],
  ['GetExtendedAgentCard', {}],
  ...pushOperations(id),
];

const pushOperations = (taskId: string): readonly (readonly [OperationName, object])[] => [
  ['CreateTaskPushNotificationConfig', { taskId, id: 'hook', url: 'https://example.com/hook' }],
  ['GetTaskPushNotificationConfig', { taskId, id: 'hook' }],
  ['ListTaskPushNotificationConfigs', { taskId }],
  ['DeleteTaskPushNotificationConfig', { taskId, id: 'hook' }],
];

/** Operations that act on one task. */
const onTask = (id: string): readonly (readonly [OperationName, object])[] => [
  ['GetTask', { id }],
  ['CancelTask', { id }],
  ['SubscribeToTask', { id }],
  ['SendMessage', say('echo', { taskId: id })],
];

/** What a refusal says, without the ids that differ by nature. */
const wordsOf = ({ failure, status }: Reply, ...ids: readonly string[]): string => {
  let words = JSON.stringify({ ...failure, status });
  for (const id of ids) words = words.replaceAll(id, '<id>');
  return words.replaceAll(/"(requestId|timestamp)":"[^"]*"/g, '"$1":"…"');
};

/** Sections 3.3.2, 7.4 and 13.1: who may do what. */
export const accessScenarios = [
  scenario(
    'no operation is open to a caller without a good token',
    ['ERROR-3', 'ERROR-4', 'ERROR-5', 'AUTH-1', 'AUTH-2', 'AUTH-3', 'ACCESS-2', 'EXTENDED-1', 'PRIVATE-1', 'MEDIA-5'],
    async ({ binding }) => {
      const { id } = await completed(binding);
      for (const token of [null, 'not-a-token', 'eyJhbGciOiJub25lIn0.e30.']) {
        for (const [operation, fields] of everyOperation(id)) {
          const reply = await tryOnce(binding, operation, fields, { token });
          assertUnauthenticated(binding.name, reply);
        }
      }
    },
  ),
  scenario(
    'a caller without the right is told which scope it lacks',
    ['ERROR-6', 'ERROR-7', 'ACCESS-2', 'AUTH-2'],
    async ({ as }) => {
      const reader = as('reader');
      assertForbidden(reader.name, await reader.call('SendMessage', say('echo')), 'a2a:send');
      assertForbidden(reader.name, await reader.call('CancelTask', { id: randomUUID() }), 'a2a:cancel');
    },
  ),
  scenario(
    'another client’s task looks like one that does not exist, to every operation',
    ['ERROR-8', 'ERROR-12', 'ERROR-13', 'ACCESS-1', 'ACCESS-3', 'ACCESS-6', 'ACCESS-7', 'ACCESS-8', 'MEDIA-5'],
    async ({ binding, as, agent }) => {
      const { task, messageId } = await startHeld(binding);
      const mate = as('mate');
      const unknown = randomUUID();
      const real = [...onTask(task.id), ...pushOperations(task.id)];
      const made = [...onTask(unknown), ...pushOperations(unknown)];
      for (const [at, [operation, fields]] of real.entries()) {
        const found = await tryOnce(mate, operation, fields);
        const missing = await tryOnce(mate, operation, made[at]?.[1] ?? {});
        assert.ok(found.failure, `${operation} on another’s task`);
        assert.equal(wordsOf(found, task.id), wordsOf(missing, unknown), operation);
      }
      assertFailure(mate.name, await mate.call('GetTask', { id: task.id }), 'TaskNotFound');
      assert.ok(agent.release(messageId) || (await getTask(binding, task.id)).status.state !== 'TASK_STATE_CANCELED');
    },
  ),
  scenario(
    'a list holds the caller’s own tasks and no others',
    ['LIST-4', 'LIST-7', 'ACCESS-3', 'ACCESS-4', 'ACCESS-5'],
    async ({ binding, as }) => {
      const contextId = `mine-${randomUUID()}`;
      await completed(binding, { contextId });
      const theirs = await completed(as('mate'), { contextId });
      for (const filter of [{}, { contextId }]) {
        const { tasks } = resultOf<{ tasks: { id: string }[] }>(
          await binding.call('ListTasks', { ...filter, pageSize: 100 }),
        );
        assert.ok(!tasks.some(({ id }) => id === theirs.id));
      }
      const own = resultOf<{ totalSize: number }>(await binding.call('ListTasks', { contextId }));
      assert.equal(own.totalSize, 1);
    },
  ),
  scenario('another tenant finds no such agent, whatever it asks', ['ERROR-8', 'ACCESS-8'], async ({ binding, as }) => {
    const { id } = await completed(binding);
    const foreigner = as('foreigner');
    for (const [operation, fields] of everyOperation(id)) {
      const reply = await tryOnce(foreigner, operation, fields);
      assert.ok(reply.failure, `${operation} from another tenant`);
      assert.doesNotMatch(JSON.stringify(reply.failure), /forbidden|permission/i);
    }
  }),
];
