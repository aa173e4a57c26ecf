import type { AgentCard, JsonObject } from '@colloquy/protocol';
import { isOperator } from '../../kernel/caller.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { judgeCard } from '../trust/index.ts';
import type { CardPolicy, CardSignature, CardVerifier, OwnCardPolicy, TrustStore } from '../trust/index.ts';
import { chooseInterface } from './agent-wire.ts';
import type { ChosenInterface } from './agent-wire.ts';
import { enterpriseParamsOf, withProfile } from './enterprise-extension.ts';
import { enterpriseViolations } from './enterprise-rules.ts';
import type { SchemaJudge } from './schema-judge.ts';
import { cardViolations } from './card-rules.ts';
import type { CardReader, CardSource, PublishedDocument, UpstreamAddressPolicy } from './card-source.ts';

/** A card, or the address to read it from. */
export type CardOrigin =
  ({ readonly kind: 'document' } & PublishedDocument) | { readonly kind: 'url'; readonly url: string };

export interface CardReadingPorts {
  readonly cards: CardSource;
  readonly addresses: UpstreamAddressPolicy;
  readonly trust: TrustStore;
  readonly cardVerifier: CardVerifier;
  readonly schemas: SchemaJudge;
}

/** The tenant's requirements and profile for an agent's cards. */
export interface CardExpectations {
  /** Requirements for this agent's cards, on top of the tenant's policy. */
  readonly own: OwnCardPolicy;
  /** Merged into each card; null for none. */
  readonly profile: JsonObject | null;
}

/** A valid card, its signature state and the policy in force. */
export interface ReadCard extends PublishedDocument {
  /** Null when the caller sent the card. */
  readonly cardUrl: string | null;
  readonly chosen: ChosenInterface;
  readonly signature: CardSignature;
  readonly policy: CardPolicy;
}

/**
 * Fetches a card where needed, and validates its fields, its addresses and its signatures. Throws `registry.card-invalid`,
 * `registry.card-unreachable`, `registry.interface-unsupported`, `egress.refused`, `registry.card-signature-invalid` and
 * `registry.card-signature-required`.
 */
export async function readCard(
  ports: CardReadingPorts,
  caller: Pick<Caller, 'tenant' | 'principal' | 'scopes'>,
  origin: CardOrigin,
  { own, profile }: CardExpectations,
): Promise<ReadCard> {
  const tenantId = caller.tenant.id;
  const published = origin.kind === 'url' ? await ports.cards.fetchCard(origin.url, readerOf(caller)) : origin;
  const { document } = published;
  const card = withProfile(published.card, profile);
  const ofProtocol = cardViolations(card);
  const violations = ofProtocol.length > 0 ? ofProtocol : await enterpriseViolations(card, ports.schemas);
  if (violations.length > 0) throw new PlatformError('registry.card-invalid', { violations });
  const chosen = chooseInterface(card);
  if (chosen === null) throw new PlatformError('registry.interface-unsupported');
  assertHealthAtAgent(card, chosen);
  await ports.addresses.checkAddress(chosen.url, tenantId);
  const judged = await judgeCard(ports, tenantId, document, own);
  return { card, document, cardUrl: origin.kind === 'url' ? origin.url : null, chosen, ...judged };
}

/** The reader of a card that this caller names. */
export function readerOf(caller: Pick<Caller, 'tenant' | 'principal' | 'scopes'>): CardReader {
  return { tenantId: caller.tenant.id, isOperator: isOperator(caller) };
}

/** A health URL at another origin would let a card report another service's health as the agent's. */
function assertHealthAtAgent(card: AgentCard, { url }: ChosenInterface): void {
  const healthUrl = enterpriseParamsOf(card)?.['healthUrl'];
  if (typeof healthUrl !== 'string' || new URL(healthUrl).origin === new URL(url).origin) return;
  const violations = [{ field: 'healthUrl', description: 'must have the origin of the interface that is called' }];
  throw new PlatformError('registry.card-invalid', { violations });
}
