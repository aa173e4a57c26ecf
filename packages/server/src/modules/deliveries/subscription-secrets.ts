import type { NewPushSubscription } from '../tasks/index.ts';
import type { SecretBox } from '../registry/index.ts';

/** Whose secret it is, and where alone it may travel. */
export type SecretPlace = Pick<NewPushSubscription, 'tenantId' | 'subscriptionId' | 'origin'>;

/** What the receiver wants to see of us. */
export type ReceiverSecret = 'token' | 'credentials';

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Seals a secret for one subscription at one origin. */
export function sealSecret(box: SecretBox, kind: ReceiverSecret, secret: string, place: SecretPlace): Uint8Array {
  return box.seal(utf8.encode(secret), contextOf(kind, place));
}

/** The secret again. Throws when it was sealed for another subscription or origin, or with another key. */
export function openSecret(box: SecretBox, kind: ReceiverSecret, sealed: Uint8Array, place: SecretPlace): string {
  return strictUtf8.decode(box.open(sealed, contextOf(kind, place)));
}

function contextOf(kind: ReceiverSecret, { tenantId, subscriptionId, origin }: SecretPlace): string {
  return `push-${kind} ${tenantId} ${subscriptionId} ${origin}`;
}
