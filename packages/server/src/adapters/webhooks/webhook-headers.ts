import type { WebhookCall } from '../../modules/deliveries/index.ts';
import type { NotificationBody } from './notification-body.ts';

export interface SignedCall {
  readonly call: WebhookCall;
  readonly body: NotificationBody;
  readonly timestampSeconds: number;
  readonly signature: string;
  /** A forward token that names the task. */
  readonly delegation: string;
}

/** Key and value of every header field of a notification. */
export function webhookHeaders({
  call,
  body,
  timestampSeconds,
  signature,
  delegation,
}: SignedCall): readonly [string, string][] {
  const { deliveryId, token, authorization } = call;
  return [
    ...messageHeaders({ messageId: deliveryId, contentType: body.contentType, timestampSeconds, signature }),
    ['a2a-version', call.protocolVersion],
    ['colloquy-delegation', delegation],
    ...tokenHeaders(token),
    ...authorizationHeaders(authorization),
  ];
}

/** Key and value of the header fields of every signed message (Standard Webhooks). */
export function messageHeaders({
  messageId,
  contentType,
  timestampSeconds,
  signature,
}: Pick<SignedCall, 'timestampSeconds' | 'signature'> & {
  readonly messageId: string;
  readonly contentType: string;
}): readonly [string, string][] {
  return [
    ['content-type', contentType],
    ['user-agent', 'Colloquy'],
    ['webhook-id', messageId],
    ['webhook-timestamp', String(timestampSeconds)],
    ['webhook-signature', signature],
  ];
}

/** No version of A2A names the header, and the libraries in the field differ. */
function tokenHeaders(token: string | null): readonly [string, string][] {
  if (token === null) return [];
  return [
    ['x-a2a-notification-token', token],
    ['a2a-notification-token', token],
  ];
}

/** The Authorization header of the specification; an API key is sent in the usual API key header as well. */
function authorizationHeaders(authorization: WebhookCall['authorization']): readonly [string, string][] {
  if (authorization === null) return [];
  const { scheme, credentials } = authorization;
  const isKey = /^(x-)?api-?key$/i.test(scheme);
  const key: readonly [string, string][] = isKey ? [['x-api-key', credentials]] : [];
  return [['authorization', `${scheme} ${credentials}`], ...key];
}
