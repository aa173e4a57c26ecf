import { withoutBoundResource } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { authorize } from '../../access/index.ts';
import { configIdIn, draftSubscription, judgeConfig, subscriptionIdOf } from '../../deliveries/index.ts';
import type { NewPushSubscription } from '../../tasks/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { subscribeRepeated } from '../view/push-configs.ts';
import type { AcceptedSend, IncomingSend } from './send.ts';

const place = 'configuration.taskPushNotificationConfig.';

/**
 * Validates the push config that comes with a message, before anything is recorded. Throws `request.invalid`, `egress.refused`, and
 * `push.limit` for a tenant that may have no further subscription.
 */
export async function judgeInlineConfig(ports: GatewayPorts, send: IncomingSend): Promise<void> {
  if (send.request.configuration?.taskPushNotificationConfig === undefined) return;
  await assertUsable(ports, send);
  if (await ports.push.subscriptions.isFull(send.caller.tenant.id)) throw new PlatformError('push.limit');
}

async function assertUsable(
  ports: GatewayPorts,
  { caller, request }: Pick<IncomingSend, 'caller' | 'request'>,
): Promise<void> {
  const config = request.configuration?.taskPushNotificationConfig;
  if (config === undefined) return;
  if (config.taskId !== undefined && config.taskId !== request.message.taskId) {
    const violation = { field: `${place}taskId`, description: 'must be left out: the task is the one of the message' };
    throw new PlatformError('request.invalid', { violations: [violation] });
  }
  await judgeConfig(ports.push, config, { tenantId: caller.tenant.id, place });
}

/** Throws `push.limit` for a task that already has as many subscriptions as it may. */
export async function assertRoomAtTask(
  ports: GatewayPorts,
  { caller, request, options }: IncomingSend,
  taskId: TaskId,
): Promise<void> {
  const config = request.configuration?.taskPushNotificationConfig;
  if (config === undefined) return;
  const limit = limits.pushSubscriptionsPerTaskMax;
  const found = await ports.push.subscriptions.list(caller.tenant.id, taskId, { afterConfigId: '', limit });
  const configId = configIdIn(config, { taskId, ...options });
  const known = configId === undefined ? null : subscriptionIdOf(taskId, configId);
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
 * Stores the push config of a repeated send from now on. It only adds: nothing changes when the task has a config of that id or URL, or had it
 * and its owner deleted it. The router finds the task of a repeat without asking its agent, so the config and the caller's right there are judged
 * here. Throws `request.invalid`, `egress.refused`, `registry.agent-unknown` and `push.limit`.
 */
export async function followRepeatedSend(
  ports: GatewayPorts,
  { caller, address, request, options }: IncomingSend,
  { taskId, viewer }: Pick<AcceptedSend, 'taskId' | 'viewer'>,
): Promise<void> {
  const config = request.configuration?.taskPushNotificationConfig;
  if (config === undefined) return;
  const { agentName } = viewer;
  // A token bound to the router alone also covers the agent that has the task.
  const judged = address.agentName === agentName ? caller : withoutBoundResource(caller);
  authorize(judged, 'push.create', { ...address, agentName });
  await assertUsable(ports, { caller, request });
  const { protocolVersion = '1.0' } = options;
  await subscribeRepeated(ports, caller, config, { taskId, protocolVersion });
}
