import type { JsonObject } from '@colloquy/protocol';
import { PlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { isCardKeyId } from './card-key-rules.ts';
import { effectivePolicy } from './card-policy.ts';
import type { CardPolicy, OwnCardPolicy } from './card-policy.ts';
import type { CardVerifier } from './card-verifier.ts';
import type { TrustStore } from './trust-store.ts';

/** The result of verifying a card's signature when the card was accepted. */
export interface CardSignature {
  readonly state: 'unsigned' | 'verified' | 'untrusted-key';
  /** The trusted key; null unless `verified`. */
  readonly kid: string | null;
}

/** The signature result of an accepted card, and the policy of the agent's cards. */
export interface JudgedCard {
  readonly signature: CardSignature;
  readonly policy: CardPolicy;
}

/**
 * Verifies a card's wire document against the tenant's keys. Throws `registry.card-signature-invalid` for a wrong signature whatever the
 * policy is, and `registry.card-signature-required` where the policy demands a verified card.
 */
export async function judgeCard(
  ports: { readonly trust: TrustStore; readonly cardVerifier: CardVerifier },
  tenantId: TenantId,
  document: JsonObject,
  own: OwnCardPolicy,
): Promise<JudgedCard> {
  const { trust, cardVerifier } = ports;
  const kids = cardVerifier.keyIds(document).filter(isCardKeyId);
  const keys = kids.length === 0 ? [] : await trust.findKeys(tenantId, kids);
  const policy = effectivePolicy(await trust.findPolicy(tenantId), own);
  const verdict = await cardVerifier.verify(document, keys);
  if (verdict.state === 'invalid') {
    const { reason, kid } = verdict;
    throw new PlatformError('registry.card-signature-invalid', {
      details: { reason, ...(kid === undefined ? {} : { kid }) },
    });
  }
  if (verdict.state !== 'verified' && policy.signatures === 'require') {
    throw new PlatformError('registry.card-signature-required', { details: { signature: verdict.state } });
  }
  return { signature: { state: verdict.state, kid: verdict.state === 'verified' ? verdict.kid : null }, policy };
}
