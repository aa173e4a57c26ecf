import { createEventQueue } from '../../adapters/postgres/events/event-queue.ts';
import { createDeliveryQueue } from '../../adapters/postgres/deliveries/delivery-queue.ts';
import { createPushSubscriptionStore } from '../../adapters/postgres/deliveries/push-subscription-store.ts';
import type { KeyVault, SignForwardToken } from '../../adapters/keys/index.ts';
import { WebhookSigner, createWebhookSender } from '../../adapters/webhooks/index.ts';
import type { ConnectionGuards } from '../../adapters/webhooks/index.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import { DeliveryWorker } from '../../modules/deliveries/index.ts';
import type { ReceiverWorker, WebhookSender } from '../../modules/deliveries/index.ts';
import { createEventWorker } from '../../modules/events/index.ts';
import type { EventOutcome, EventSinkClaim } from '../../modules/events/index.ts';
import type { PushPorts } from '../../modules/gateway/index.ts';
import type { UpstreamAddressPolicy } from '../../modules/registry/index.ts';
import type { TaskStore } from '../../modules/tasks/index.ts';
import type { Foundation, NodeFoundation } from '../foundation.ts';
import { causesOf } from '../log.ts';

/** What notifying receivers of their tasks needs. */
export interface Webhooks {
  readonly sender: WebhookSender;
  readonly secretBox: SecretBox;
  readonly addresses: UpstreamAddressPolicy;
  /** Where the `source` of events begins. */
  readonly publicUrl: string;
}

export interface WebhookParts {
  readonly keys: { readonly vault: Pick<KeyVault, 'keyFor'>; readonly secretBox: SecretBox };
  readonly signForwardToken: SignForwardToken;
  readonly guards: ConnectionGuards & UpstreamAddressPolicy;
}

export function createWebhooks(
  { config, clock, publicUrl }: Pick<Foundation, 'config' | 'clock' | 'publicUrl'>,
  { keys, signForwardToken, guards }: WebhookParts,
): Webhooks {
  const sender = createWebhookSender({
    guards,
    signer: new WebhookSigner(keys.vault.keyFor('webhook signatures')),
    signDelegation: signForwardToken,
    clock,
    answerMs: config.push.answerMs,
    connectMs: limits.upstreamConnectMs,
    answerBytesMax: limits.deliveryAnswerBytesMax,
  });
  return { sender, secretBox: keys.secretBox, addresses: guards, publicUrl };
}

export interface DeliveryParts {
  readonly webhooks: Webhooks;
  readonly store: Pick<TaskStore, 'readTail'>;
  /** The node whose lease is held; null while it is not. */
  readonly nodeId: () => NodeId | null;
}

/** Delivers notifications in workers. In other processes it claims nothing, as without a lease. */
export function createDeliveryWorker(
  { config, database, clock, random, log, budget }: NodeFoundation,
  { webhooks, store, nodeId }: DeliveryParts,
): DeliveryWorker {
  return new DeliveryWorker({
    queue: createDeliveryQueue(database.workers, database.readers),
    sender: webhooks.sender,
    log: store,
    budget,
    secretBox: webhooks.secretBox,
    random,
    retryMs: config.push.retryMs,
    isChallenging: config.push.isChallenging,
    clock,
    nodeId: () => (config.roles.has('worker') ? nodeId() : null),
    report: (error) => log.warn({ causes: causesOf(error) }, 'a notification did not reach its receiver'),
  });
}

export interface EventDelivery {
  readonly worker: ReceiverWorker<EventSinkClaim>;
  /** Attempts since the start of the process by their outcome, and the events that were found dropped. */
  readonly counts: Readonly<Record<EventOutcome | 'missed', number>>;
}

/** Delivers events to sinks in workers. In other processes it claims nothing, as without a lease. */
export function createEventDelivery(
  { config, database, clock, random, log }: NodeFoundation,
  { webhooks, nodeId }: Pick<DeliveryParts, 'webhooks' | 'nodeId'>,
): EventDelivery {
  const counts = { delivered: 0, retrying: 0, dead: 0, gone: 0, missed: 0 };
  const worker = createEventWorker({
    queue: createEventQueue(database.workers, database.readers),
    sender: webhooks.sender,
    random,
    publicUrl: webhooks.publicUrl,
    retryMs: config.push.retryMs,
    isChallenging: config.push.isChallenging,
    clock,
    nodeId: () => (config.roles.has('worker') ? nodeId() : null),
    count: (outcome) => {
      counts[outcome] += 1;
    },
    report: (error) => log.warn({ causes: causesOf(error) }, 'an event did not reach its sink'),
    reportMissed: ({ tenantId, name }, missed) => {
      counts.missed += Number(missed);
      log.error({ tenantId, place: name, rows: Number(missed) }, 'events were dropped before an event sink got them');
    },
  });
  return { worker, counts };
}

/** What subscribing needs. The worker of this process learns of each subscription made here. */
export function pushPorts(
  { database }: Pick<Foundation, 'database'>,
  webhooks: Webhooks,
  worker: DeliveryWorker,
): PushPorts {
  return {
    addresses: webhooks.addresses,
    secretBox: webhooks.secretBox,
    subscriptions: createPushSubscriptionStore(database.readers),
    follow: (taskId) => {
      worker.know(taskId);
      worker.notify(taskId);
    },
  };
}
