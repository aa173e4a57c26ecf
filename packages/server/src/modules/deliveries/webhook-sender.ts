import type { Task } from '@colloquy/protocol';
import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** One outgoing notification. */
export interface WebhookCall {
  /** Stable over retries (Standard Webhooks `webhook-id`). */
  readonly deliveryId: string;
  /** The task of the event. */
  readonly taskId: TaskId;
  /** 32 hex digits; the signing secrets are derived from it. */
  readonly subscriptionId: string;
  /** Generations of the signing secrets, the newest first. */
  readonly secretGenerations: readonly number[];
  /** The subscription's id on the wire; to A2A 0.1, where a task has one, it is the name that the caller gave the task. */
  readonly configId: string;
  readonly protocolVersion: string;
  /** An A2A 1.0 StreamResponse. */
  readonly json: string;
  /** The task after this event, for A2A versions that notify with tasks instead of events; null for the others. */
  readonly task: Task | null;
  readonly token: string | null;
  readonly authorization: { readonly scheme: string; readonly credentials: string } | null;
  readonly signal: AbortSignal;
}

/** A signed message that is about no task. */
export interface WebhookMessage extends Pick<WebhookCall, 'subscriptionId' | 'secretGenerations' | 'signal'> {
  /** Stable over retries (Standard Webhooks `webhook-id`). */
  readonly messageId: string;
  readonly contentType: string;
  readonly text: string;
}

/** The outcome of a call. Only an answer has a status. */
export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'address-refused' }
  | { readonly kind: 'no-answer'; readonly cause: unknown };

/** A connection to one receiver, kept for a few notifications in a row. */
export interface WebhookLine {
  /** Calls the receiver once. Never rejects. */
  notify(call: WebhookCall): Promise<WebhookAnswer>;
  /** Posts a message once. Never rejects. */
  post(message: WebhookMessage): Promise<WebhookAnswer>;
  /** Asks the receiver to echo `token`; resolves with whether it did. Never rejects. */
  challenge(token: string, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/** Calls the addresses that tenants name, within the bounds of time and size. Follows no redirect. */
export interface WebhookSender {
  open(url: string, tenantId: TenantId): WebhookLine;
  /** The secret that receivers verify signatures with (Standard Webhooks): `whsec_` and base64. */
  signingSecretOf(subscriptionId: string, generation: number): string;
}
