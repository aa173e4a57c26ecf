import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { DeliveryJournal } from './delivery-store.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface SigningSecretPorts {
  readonly deliveries: DeliveryJournal;
  readonly signing: Pick<WebhookSender, 'signingSecretOf'>;
}

/** The secret that the receiver of a delivery verifies signatures with (Standard Webhooks). Throws `delivery.unknown`. */
export function showSigningSecret(ports: SigningSecretPorts) {
  return async (caller: Caller, deliveryId: string): Promise<{ readonly signingSecret: string }> => {
    const delivery = isId('dlv', deliveryId) ? await ports.deliveries.find(caller.tenant.id, deliveryId) : null;
    if (delivery === null) throw new PlatformError('delivery.unknown');
    return { signingSecret: ports.signing.signingSecretOf(delivery.subscriptionId, delivery.secretGeneration) };
  };
}
