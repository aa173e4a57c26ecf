import { PlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { judgeCard } from '../trust/index.ts';
import type { CardPolicy, CardStanding, CardVerifier, OwnCardPolicy, TrustStore } from '../trust/index.ts';
import { chooseInterface } from './agent-wire.ts';
import type { ChosenInterface } from './agent-wire.ts';
import { cardViolations } from './card-rules.ts';
import type { CardSource, PublishedDocument, UpstreamAddressPolicy } from './card-source.ts';

/** A card, or the address to read it from. */
export type CardOrigin =
  ({ readonly kind: 'document' } & PublishedDocument) | { readonly kind: 'url'; readonly url: string };

export interface CardReadingPorts {
  readonly cards: CardSource;
  readonly addresses: UpstreamAddressPolicy;
  readonly trust: TrustStore;
  readonly cardVerifier: CardVerifier;
}

/** A card that is fit to be used, and how the tenant stands to it. */
export interface ReadCard extends PublishedDocument {
  /** Null when it was sent to us. */
  readonly cardUrl: string | null;
  readonly chosen: ChosenInterface;
  readonly standing: CardStanding;
  readonly policy: CardPolicy;
}

/**
 * Fetches a card where needed and judges everything about it: what it says, where it leads, who signed it. Throws `registry.card-invalid`,
 * `registry.card-unreachable`, `registry.interface-unsupported`, `egress.refused`, `registry.card-signature-invalid` and
 * `registry.card-signature-required`.
 */
export async function readCard(
  ports: CardReadingPorts,
  tenantId: TenantId,
  origin: CardOrigin,
  own: OwnCardPolicy,
): Promise<ReadCard> {
  const published = origin.kind === 'url' ? await ports.cards.fetchCard(origin.url, tenantId) : origin;
  const { card, document } = published;
  const violations = cardViolations(card);
  if (violations.length > 0) throw new PlatformError('registry.card-invalid', { violations });
  const chosen = chooseInterface(card);
  if (chosen === null) throw new PlatformError('registry.interface-unsupported');
  await ports.addresses.checkAddress(chosen.url, tenantId);
  const judged = await judgeCard(ports, tenantId, document, own);
  return { card, document, cardUrl: origin.kind === 'url' ? origin.url : null, chosen, ...judged };
}
