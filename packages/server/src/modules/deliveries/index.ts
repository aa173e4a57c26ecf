export type {
  Delivery,
  DeliveryClaim,
  DeliveryFault,
  DeliveryRecord,
  DeliveryState,
  DueEvent,
  DueWork,
} from './delivery.ts';
export type { ClaimRequest, DeliveryJournal, DeliveryQuery, DeliveryQueue } from './delivery-store.ts';
export { DeliveryWorker } from './delivery-worker.ts';
export type { DeliveryWorkerOptions } from './delivery-worker.ts';
export { challengeToken, jitterFrom, judgeAnswer } from './delivery-rules.ts';
export type { Verdict } from './delivery-rules.ts';
export { configIdIn, draftSubscription, judgeConfig } from './draft-subscription.ts';
export type { DraftPorts, SubscriptionPlace } from './draft-subscription.ts';
export { listDeliveries } from './list-deliveries.ts';
export { subscriptionIdOf } from './push-subscription.ts';
export type { PushSubscription } from './push-subscription.ts';
export type { PushSubscriptionStore, SubscribeOutcome, SubscriptionPage } from './push-subscription-store.ts';
export { ReceiverWorker } from './receiver-worker.ts';
export type { ClaimHold, ReceiverClaim, ReceiverWorkerOptions } from './receiver-worker.ts';
export { replayDelivery } from './replay-delivery.ts';
export { rotateSigningSecret } from './rotate-signing-secret.ts';
export type { RotatedSigningSecret, SecretRotationRequest } from './rotate-signing-secret.ts';
export { showSigningSecret } from './show-signing-secret.ts';
export type { WebhookAnswer, WebhookCall, WebhookLine, WebhookMessage, WebhookSender } from './webhook-sender.ts';
