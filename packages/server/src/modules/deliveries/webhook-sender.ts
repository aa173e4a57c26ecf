import type { Task } from '@colloquy/protocol';
import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** One notification on its way out. */
export interface WebhookCall {
  /** Stable over retries (Standard Webhooks `webhook-id`). */
  readonly deliveryId: string;
  /** The task that is told of. */
  readonly taskId: TaskId;
  /** 32 hex digits; the signing secrets are derived from it. */
  readonly subscriptionId: string;
  /** The secrets that sign, the newest first. */
  readonly secretGenerations: readonly number[];
  /** The subscription's id on the wire; to A2A 0.1, where a task has one, it is the name that the caller gave the task. */
  readonly configId: string;
  readonly protocolVersion: string;
  /** An A2A 1.0 StreamResponse. */
  readonly json: string;
  /** The task as it was after this event, for versions that are told tasks and not events; null for the others. */
  readonly task: Task | null;
  readonly token: string | null;
  readonly authorization: { readonly scheme: string; readonly credentials: string } | null;
  readonly signal: AbortSignal;
}

/** What came of a call. Only an answer tells a number. */
export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'address-refused' }
  | { readonly kind: 'no-answer'; readonly cause: unknown };

/** A way to one receiver, kept for a few notifications in a row. */
export interface WebhookLine {
  /** Calls the receiver once. Never rejects. */
  notify(call: WebhookCall): Promise<WebhookAnswer>;
  /** Asks the receiver to repeat `token`: whether it did. Rejects with nothing. */
  challenge(token: string, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/** Calls the addresses that tenants name, within the bounds of time and size, following no redirect. */
export interface WebhookSender {
  open(url: string, tenantId: TenantId): WebhookLine;
  /** What receivers check signatures with (Standard Webhooks): `whsec_` and base64. */
  signingSecretOf(subscriptionId: string, generation: number): string;
}
