import { createDeliveryQueue } from '../../adapters/postgres/deliveries/delivery-queue.ts';
import { createPushSubscriptionStore } from '../../adapters/postgres/deliveries/push-subscription-store.ts';
import { WebhookSigner, createWebhookSender } from '../../adapters/webhooks/index.ts';
import type { ConnectionGuards } from '../../adapters/webhooks/index.ts';
import type { KeyVault, SignForwardToken } from '../../adapters/keys/index.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Random } from '../../kernel/random.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import { DeliveryWorker } from '../../modules/deliveries/index.ts';
import type { WebhookSender } from '../../modules/deliveries/index.ts';
import type { PushPorts } from '../../modules/gateway/index.ts';
import type { UpstreamAddressPolicy } from '../../modules/registry/index.ts';
import type { TaskStore } from '../../modules/tasks/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import type { Database } from '../database.ts';
import { causesOf } from '../log.ts';

/** What telling receivers about their tasks stands on. */
export interface Webhooks {
  readonly sender: WebhookSender;
  readonly secretBox: SecretBox;
  readonly addresses: UpstreamAddressPolicy;
  readonly random: Random;
}

export interface WebhooksOptions {
  readonly config: Config;
  readonly vault: Pick<KeyVault, 'keyFor'>;
  readonly signForwardToken: SignForwardToken;
  readonly secretBox: SecretBox;
  readonly guards: ConnectionGuards & UpstreamAddressPolicy;
  readonly clock: Clock;
  readonly random: Random;
}

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { config, vault, signForwardToken, secretBox, guards, clock, random } = options;
  const sender = createWebhookSender({
    guards,
    signer: new WebhookSigner(vault.keyFor('webhook signatures')),
    signDelegation: signForwardToken,
    clock,
    answerMs: config.push.answerMs,
    connectMs: limits.upstreamConnectMs,
    answerBytesMax: limits.deliveryAnswerBytesMax,
  });
  return { sender, secretBox, addresses: guards, random };
}

export interface DeliveryWorkerParts {
  readonly config: Config;
  readonly database: Database;
  readonly webhooks: Webhooks;
  readonly clock: Clock;
  readonly log: Log;
}

/** The worker of this process. It works under the lease that `nodeId` tells, and never in a process without the role. */
export function createDeliveryWorker(
  { config, database, webhooks, clock, log }: DeliveryWorkerParts,
  store: Pick<TaskStore, 'readEvents'>,
  nodeId: () => NodeId | null,
): DeliveryWorker {
  return new DeliveryWorker({
    queue: createDeliveryQueue(database.workers, database.readers),
    sender: webhooks.sender,
    log: store,
    secretBox: webhooks.secretBox,
    random: webhooks.random,
    retryMs: config.push.retryMs,
    isChallenging: config.push.isChallenging,
    clock,
    nodeId: () => (config.roles.has('worker') ? nodeId() : null),
    report: (error) => log.warn({ causes: causesOf(error) }, 'a notification did not reach its receiver'),
  });
}

/** What subscribing stands on, with a worker that hears of each subscription made here. */
export function pushPorts(
  { database, webhooks }: Pick<DeliveryWorkerParts, 'database' | 'webhooks'>,
  worker: DeliveryWorker,
): PushPorts {
  return {
    addresses: webhooks.addresses,
    secretBox: webhooks.secretBox,
    subscriptions: createPushSubscriptionStore(database.readers),
    follow: (taskId) => {
      worker.know(taskId);
      worker.hint(taskId);
    },
  };
}
