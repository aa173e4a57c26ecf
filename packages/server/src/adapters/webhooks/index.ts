export { WebhookSigner } from './signature.ts';
export { createWebhookSender } from './webhook-caller.ts';
export type { ConnectionGuard, WebhookCallerOptions } from './webhook-caller.ts';
