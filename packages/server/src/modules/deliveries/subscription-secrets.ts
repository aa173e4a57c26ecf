import type { SecretBox, SecretPlace } from '../../kernel/secret-box.ts';
import type { NewPushSubscription } from '../tasks/index.ts';

/** The subscription that owns a secret, and the only origin that the secret may be sent to. */
export type SubscriptionAtOrigin = Pick<NewPushSubscription, 'tenantId' | 'subscriptionId' | 'origin'>;

/** A secret that the receiver expects in a notification. */
export type ReceiverSecret = 'token' | 'credentials';

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Seals a secret for one subscription at one origin. */
export function sealSecret(
  box: SecretBox,
  kind: ReceiverSecret,
  secret: string,
  at: SubscriptionAtOrigin,
): Promise<Uint8Array> {
  return box.seal(utf8.encode(secret), placeOf(kind, at));
}

/** Opens a sealed secret. Rejects with `secret.unreadable` when it was sealed for another subscription or origin, or with another key. */
export async function openSecret(
  box: SecretBox,
  kind: ReceiverSecret,
  sealed: Uint8Array,
  at: SubscriptionAtOrigin,
): Promise<string> {
  return strictUtf8.decode(await box.open(sealed, placeOf(kind, at)));
}

function placeOf(kind: ReceiverSecret, { tenantId, subscriptionId, origin }: SubscriptionAtOrigin): SecretPlace {
  return { tenantId, table: 'push_subscriptions', column: `${kind}_sealed`, rowId: subscriptionId, boundTo: origin };
}
