import type {
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  TaskPushNotificationConfig,
} from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { digest128 } from '../../../kernel/digest.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Operation } from '../../access/index.ts';
import { auditEntryBy } from '../../audit/index.ts';
import type { NewAuditEntry } from '../../audit/index.ts';
import { configIdIn, draftSubscription, judgeConfig, subscriptionIdOf } from '../../deliveries/index.ts';
import type { PushSubscription, SubscribeOutcome } from '../../deliveries/index.ts';
import type { NewPushSubscription } from '../../tasks/index.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';
import { findVisibleTask, taskIdOf, viewerOf } from './visible-task.ts';

/** The wire of the subscriber, which its notifications use. */
export interface PushOptions {
  /** A version of A2A; `1.0` when absent. */
  readonly protocolVersion?: string;
}

/**
 * CreateTaskPushNotificationConfig (A2A 1.0 section 3.1.7): sets a receiver of a task's notifications from now on, in place of an earlier config of
 * the same id. The answer shows no secret. Throws `task.unknown`, `request.invalid`, `egress.refused` and `push.limit`.
 */
export function createPushConfig(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: TaskPushNotificationConfig,
    options: PushOptions = {},
  ): Promise<TaskPushNotificationConfig> => {
    const { tenantId, taskId } = await visibleTask(ports, caller, address, { operation: 'push.create', task: request });
    await judgeConfig(ports.push, request, { tenantId, place: '' });
    const subscription = await subscribe(ports, caller, request, { taskId, ...options });
    return configOf({ ...subscription, createdAt: new Date(ports.clock.nowMs()) });
  };
}

type Followed = PushOptions & { readonly taskId: TaskId };

/** Stores a validated config, with an audit entry, in place of one of the same id. Throws `push.limit` and `task.unknown`. */
async function subscribe(
  ports: GatewayPorts,
  caller: Caller,
  config: TaskPushNotificationConfig,
  followed: Followed,
): Promise<NewPushSubscription> {
  const { subscription, entry } = await draft(ports, caller, config, followed);
  assertStored(await ports.push.subscriptions.subscribe(subscription, entry));
  ports.push.follow(followed.taskId);
  return subscription;
}

/**
 * Stores a validated config that came again with a repeated send, with an audit entry. Without effect when the task has a config of that id or
 * URL, or had it and its owner deleted it. Throws `push.limit` and `task.unknown`.
 */
export async function subscribeRepeated(
  ports: GatewayPorts,
  caller: Caller,
  config: TaskPushNotificationConfig,
  followed: Followed,
): Promise<void> {
  // The same id for two repeats that arrive together.
  const named = configIdIn(config, followed);
  const id = named ?? `psh_${digest128(config.url)}`;
  const { subscription, entry } = await draft(ports, caller, { ...config, id }, followed);
  const isNamed = named !== undefined;
  const outcome = await ports.push.subscriptions.subscribeRepeated(subscription, entry, isNamed);
  if (outcome === 'kept') return;
  assertStored(outcome);
  ports.push.follow(followed.taskId);
}

/** The subscription and the audit entry of a config. */
async function draft(
  ports: GatewayPorts,
  caller: Caller,
  config: TaskPushNotificationConfig,
  { taskId, protocolVersion = '1.0' }: Followed,
): Promise<{ readonly subscription: NewPushSubscription; readonly entry: NewAuditEntry }> {
  const subscription = await draftSubscription({ secretBox: ports.push.secretBox, ids: ports.ids }, config, {
    tenantId: caller.tenant.id,
    taskId,
    createdBy: caller.principal.id,
    protocolVersion,
  });
  const { origin, configId } = subscription;
  const entry = entryBy(ports, caller, 'push-subscription.created', { taskId, facts: { config: configId, origin } });
  return { subscription, entry };
}

function assertStored(outcome: SubscribeOutcome): void {
  if (outcome === 'full') throw new PlatformError('push.limit');
  if (outcome === 'task-unknown') throw new PlatformError('task.unknown');
}

/** GetTaskPushNotificationConfig (section 3.1.8). Throws `task.unknown` and `push.config-unknown`. */
export function getPushConfig(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: GetTaskPushNotificationConfigRequest,
  ): Promise<TaskPushNotificationConfig> => {
    const { tenantId, taskId } = await visibleTask(ports, caller, address, { operation: 'push.get', task: request });
    const find = (id: string) => ports.push.subscriptions.find(tenantId, taskId, subscriptionIdOf(taskId, id));
    const { id, fallbackId } = request;
    const found = (await find(id)) ?? (fallbackId === undefined ? null : await find(fallbackId));
    if (found === null) throw new PlatformError('push.config-unknown');
    return configOf(found);
  };
}

/** ListTaskPushNotificationConfigs (section 3.1.9): every config of a task, by id. Throws `task.unknown`. */
export function listPushConfigs(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: ListTaskPushNotificationConfigsRequest,
  ): Promise<ListTaskPushNotificationConfigsResponse> => {
    const { tenantId, taskId } = await visibleTask(ports, caller, address, { operation: 'push.list', task: request });
    // Zero means that the caller left the number out.
    const pageSize = Math.min(request.pageSize || limits.pageItemsDefault, limits.pageItemsMax);
    const afterConfigId = readToken(ports, taskId, request.pageToken ?? '');
    const found = await ports.push.subscriptions.list(tenantId, taskId, { afterConfigId, limit: pageSize + 1 });
    const page = found.slice(0, pageSize);
    const last = page.at(-1);
    const isMore = found.length > pageSize && last !== undefined;
    return {
      configs: page.map(configOf),
      nextPageToken: isMore ? ports.pageTokens.sign(JSON.stringify([place, taskId, last.configId])) : '',
    };
  };
}

/** DeleteTaskPushNotificationConfig (section 3.1.10): ends the deliveries. Without effect when there is none. Throws `task.unknown`. */
export function deletePushConfig(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: DeleteTaskPushNotificationConfigRequest,
  ): Promise<void> => {
    const { tenantId, taskId } = await visibleTask(ports, caller, address, { operation: 'push.delete', task: request });
    const entry = entryBy(ports, caller, 'push-subscription.deleted', { taskId, facts: { config: request.id } });
    await ports.push.subscriptions.unsubscribe(tenantId, taskId, subscriptionIdOf(taskId, request.id), entry);
  };
}

const place = 'push configs';

interface Wanted {
  readonly operation: Operation;
  readonly task: { readonly taskId?: string };
}

async function visibleTask(
  ports: GatewayPorts,
  caller: Caller,
  address: AgentAddress,
  { operation, task }: Wanted,
): Promise<{ readonly tenantId: TenantId; readonly taskId: TaskId }> {
  const viewer = await viewerOf(ports, caller, address, operation);
  return findVisibleTask(ports.store, viewer, taskIdOf(task.taskId ?? ''));
}

function entryBy(
  { ids }: GatewayPorts,
  caller: Caller,
  action: 'push-subscription.created' | 'push-subscription.deleted',
  { taskId, facts }: { readonly taskId: TaskId; readonly facts: Readonly<Record<string, string>> },
): NewAuditEntry {
  return auditEntryBy(caller, ids, { action, outcome: 'succeeded', resource: taskId, facts });
}

function configOf({ configId, taskId, url, credentialsScheme }: PushSubscription): TaskPushNotificationConfig {
  return {
    id: configId,
    taskId,
    url,
    ...(credentialsScheme === null ? {} : { authentication: { scheme: credentialsScheme } }),
  };
}

/** The name that the next page continues after. Throws `task.page-token-invalid` for a token of another list. */
function readToken({ pageTokens }: GatewayPorts, taskId: TaskId, token: string): string {
  if (token === '') return '';
  const payload = pageTokens.verify(token);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- signed by this platform, each part is checked below
  const [kind, task, after] = (payload === null ? [] : JSON.parse(payload)) as unknown[];
  if (kind !== place || task !== taskId || typeof after !== 'string')
    throw new PlatformError('task.page-token-invalid');
  return after;
}
