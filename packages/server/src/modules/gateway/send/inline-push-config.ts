import { digest128 } from '../../../kernel/digest.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { draftSubscription, judgeConfig, subscriptionIdOf } from '../../deliveries/index.ts';
import type { NewPushSubscription } from '../../tasks/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { subscribe } from '../view/push-configs.ts';
import type { IncomingSend } from './send.ts';

const place = 'configuration.taskPushNotificationConfig.';

/**
 * Validates the push config that comes with a message, before anything is recorded. Throws `request.invalid`, `egress.refused`, and
 * `push.limit` for a tenant that may have no further subscription.
 */
export async function judgeInlineConfig(ports: GatewayPorts, { caller, request }: IncomingSend): Promise<void> {
  const config = request.configuration?.taskPushNotificationConfig;
  if (config === undefined) return;
  if (config.taskId !== undefined && config.taskId !== request.message.taskId) {
    const violation = { field: `${place}taskId`, description: 'must be left out: the task is the one of the message' };
    throw new PlatformError('request.invalid', { violations: [violation] });
  }
  await judgeConfig(ports.push, config, { tenantId: caller.tenant.id, place });
  if (await ports.push.subscriptions.isFull(caller.tenant.id)) throw new PlatformError('push.limit');
}

/** Throws `push.limit` for a task that already has as many subscriptions as it may. */
export async function assertRoomAtTask(
  ports: GatewayPorts,
  { caller, request }: IncomingSend,
  taskId: TaskId,
): Promise<void> {
  const config = request.configuration?.taskPushNotificationConfig;
  if (config === undefined) return;
  const limit = limits.pushSubscriptionsPerTaskMax;
  const found = await ports.push.subscriptions.list(caller.tenant.id, taskId, { afterConfigId: '', limit });
  const known = config.id === undefined ? null : subscriptionIdOf(taskId, config.id);
  if (found.length >= limit && !found.some(({ subscriptionId }) => subscriptionId === known))
    throw new PlatformError('push.limit');
}

/** The subscription that is recorded together with a message; nothing for a message without a push config. */
export async function inlineSubscription(
  ports: GatewayPorts,
  { caller, request, options }: IncomingSend,
  taskId: TaskId,
): Promise<{ readonly subscription?: NewPushSubscription }> {
  const config = request.configuration?.taskPushNotificationConfig;
  if (config === undefined) return {};
  const subscription = await draftSubscription({ secretBox: ports.push.secretBox, ids: ports.ids }, config, {
    tenantId: caller.tenant.id,
    taskId,
    createdBy: caller.principal.id,
    protocolVersion: options.protocolVersion ?? '1.0',
  });
  return { subscription };
}

/**
 * Stores the push config of a repeated send from now on, unless its task has it already: the config of that id or, without an id, of that URL.
 * A further repeat stores nothing more. Throws `push.limit`.
 */
export async function followRepeatedSend(
  ports: GatewayPorts,
  { caller, request, options }: IncomingSend,
  taskId: TaskId,
): Promise<void> {
  const config = request.configuration?.taskPushNotificationConfig;
  if (config === undefined) return;
  const limit = limits.pushSubscriptionsPerTaskMax;
  const found = await ports.push.subscriptions.list(caller.tenant.id, taskId, { afterConfigId: '', limit });
  const known = found.find(({ configId, url }) =>
    config.id === undefined ? url === config.url : configId === config.id,
  );
  const scheme = config.authentication?.scheme ?? null;
  if (known?.url === config.url && known.credentialsScheme === scheme) return;
  // The same id for two repeats that arrive together.
  const id = config.id ?? known?.configId ?? `psh_${digest128(config.url)}`;
  const { protocolVersion = '1.0' } = options;
  await subscribe(ports, caller, { ...config, id }, { taskId, protocolVersion });
}
