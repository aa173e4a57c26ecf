import assert from 'node:assert/strict';
import { eventually } from '@colloquy/testkit';
import type { Binding } from '../bindings/binding.ts';
import { assertFailure } from '../bindings/wire-errors.ts';
import { startWebhookReceiver } from '../harness/webhook-receiver.ts';
import type { Notification, WebhookReceiver } from '../harness/webhook-receiver.ts';
import { scenario } from '../run/scenario.ts';
import { isTerminal, resultOf, say, startHeld, stateOf } from './wire-objects.ts';

/** A push configuration as it crosses the wire. */
interface PushConfig {
  readonly id: string;
  readonly taskId: string;
  readonly url: string;
}

const authentication = { scheme: 'Bearer', credentials: 'receipt-secret' };
const kinds = ['task', 'message', 'statusUpdate', 'artifactUpdate'];

const configOf = (taskId: string, url: string, over: object = {}) => ({ taskId, url, authentication, ...over });

const create = async (binding: Binding, config: object): Promise<PushConfig> =>
  resultOf<PushConfig>(await binding.call('CreateTaskPushNotificationConfig', config));

const toldEnd = ({ body }: Notification): boolean =>
  isTerminal(stateOf(body) ?? (body['task'] as { status?: { state?: string } } | undefined)?.status?.state);

const heardEnd = ({ received }: WebhookReceiver, path: string) =>
  eventually('the webhook hears of the end', () => received.some((each) => each.path === path && toldEnd(each)));

/** Sections 3.1.7 to 3.1.10, 4.3 and 13.2: push notifications. */
export const notifyingScenarios = [
  scenario(
    'a webhook hears what happens to its task, with the credentials it asked for',
    ['PUSH-1', 'PUSH-3', 'WEBHOOK-1', 'WEBHOOK-4', 'WEBHOOK-8', 'HOOK-1'],
    async ({ binding, agent }) => {
      await using receiver = await startWebhookReceiver();
      const { task, messageId } = await startHeld(binding);
      const made = await create(binding, configOf(task.id, `${receiver.url}/own`, { id: 'own' }));
      assert.deepEqual([made.id, made.taskId, made.url], ['own', task.id, `${receiver.url}/own`]);
      const got = resultOf<PushConfig>(
        await binding.call('GetTaskPushNotificationConfig', { taskId: task.id, id: 'own' }),
      );
      assert.equal(got.url, made.url);
      await eventually('the message holds', () => agent.release(messageId));
      await heardEnd(receiver, '/own');
      for (const { headers, body } of receiver.received) {
        assert.equal(headers.authorization, 'Bearer receipt-secret');
        assert.match(headers['content-type'] ?? '', /^application\/a2a\+json/);
        assert.equal(Object.keys(body).filter((key) => kinds.includes(key)).length, 1);
      }
    },
  ),
  scenario('a webhook can come with the message', ['PUSH-1', 'WEBHOOK-4', 'BLOCK-4'], async ({ binding }) => {
    await using receiver = await startWebhookReceiver();
    const taskPushNotificationConfig = { url: `${receiver.url}/inline`, authentication };
    resultOf(await binding.call('SendMessage', say('echo', {}, { configuration: { taskPushNotificationConfig } })));
    await heardEnd(receiver, '/inline');
  }),
  scenario(
    'push configurations are listed until they are deleted, once or twice, and then hear nothing',
    ['PUSH-2', 'PUSH-4', 'PUSH-5', 'PUSH-6', 'PUSH-7', 'PUSH-8'],
    async ({ binding, agent }) => {
      await using receiver = await startWebhookReceiver();
      const { task, messageId } = await startHeld(binding);
      const kept = await create(binding, configOf(task.id, `${receiver.url}/kept`));
      const dropped = await create(binding, configOf(task.id, `${receiver.url}/dropped`));
      const listed = async (): Promise<string[]> =>
        resultOf<{ configs: PushConfig[] }>(await binding.call('ListTaskPushNotificationConfigs', { taskId: task.id }))
          .configs.map(({ id }) => id)
          .sort();
      assert.deepEqual(await listed(), [kept.id, dropped.id].sort());
      for (let time = 0; time < 2; time += 1) {
        resultOf(await binding.call('DeleteTaskPushNotificationConfig', { taskId: task.id, id: dropped.id }));
      }
      const gone = await binding.call('GetTaskPushNotificationConfig', { taskId: task.id, id: dropped.id });
      assertFailure(binding.name, gone, 'TaskNotFound');
      assert.deepEqual(await listed(), [kept.id]);
      const before = receiver.received.filter(({ path }) => path === '/dropped').length;
      await eventually('the message holds', () => agent.release(messageId));
      await heardEnd(receiver, '/kept');
      assert.equal(receiver.received.filter(({ path }) => path === '/dropped').length, before);
    },
  ),
  scenario(
    'a webhook that fails is called again, later',
    ['HOOK-3'],
    async ({ binding }) => {
      await using receiver = await startWebhookReceiver(1);
      const taskPushNotificationConfig = { url: `${receiver.url}/late`, authentication };
      resultOf(await binding.call('SendMessage', say('echo', {}, { configuration: { taskPushNotificationConfig } })));
      await heardEnd(receiver, '/late');
      assert.ok(receiver.received.length > 1);
    },
    { on: 'once' },
  ),
  scenario(
    'a webhook in a private network is refused',
    ['HOOK-4'],
    async ({ binding }) => {
      const { task } = await startHeld(binding);
      for (const host of ['10.0.0.1', '192.168.1.1', '169.254.169.254', '172.16.0.1', '[fd00::1]']) {
        const reply = await binding.call('CreateTaskPushNotificationConfig', configOf(task.id, `https://${host}/hook`));
        assertFailure(binding.name, reply, 'InvalidParams');
      }
    },
    { on: 'once' },
  ),
];
