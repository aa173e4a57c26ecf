import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { SigningSecretPorts } from './show-signing-secret.ts';

export interface SecretRotationRequest {
  readonly deliveryId: string;
  /** How long the former secret still signs as well; null for the platform's default, 0 for a leaked secret. */
  readonly overlapMs: number | null;
}

/** A new secret, and until when the former one signs beside it. */
export interface RotatedSigningSecret {
  readonly signingSecret: string;
  readonly formerUntil: Date;
}

/**
 * Gives the receiver of a delivery a new secret to verify signatures with. Until the overlap ends, every notification carries two
 * signatures, so that the receiver can switch at any time. Throws `delivery.unknown`.
 */
export function rotateSigningSecret(ports: SigningSecretPorts & { readonly ids: IdSource }) {
  return async (caller: Caller, { deliveryId, overlapMs }: SecretRotationRequest): Promise<RotatedSigningSecret> => {
    if (!isId('dlv', deliveryId)) throw new PlatformError('delivery.unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'webhook-secret.rotated',
      outcome: 'succeeded',
      resource: `deliveries/${deliveryId}`,
      facts: {},
    });
    const request = { deliveryId, overlapMs: overlapMs ?? limits.webhookSecretOverlapMs };
    const rotated = await ports.deliveries.rotateSecret(caller.tenant.id, request, entry);
    if (rotated === null) throw new PlatformError('delivery.unknown');
    const { subscriptionId, generation, formerUntil } = rotated;
    return { signingSecret: ports.signing.signingSecretOf(subscriptionId, generation), formerUntil };
  };
}
