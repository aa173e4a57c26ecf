export { WebhookSigner } from './signature.ts';
export { createWebhookSender } from './webhook-caller.ts';
export type { ConnectionGuard, ConnectionGuards, WebhookCallerOptions } from './webhook-caller.ts';
