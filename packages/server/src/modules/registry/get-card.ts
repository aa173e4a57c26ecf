import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentStore } from './agent-store.ts';
import type { PublishedCard } from './agent.ts';
import type { CardSigner } from './card-signer.ts';
import type { CardStore } from './card-store.ts';
import { servedDigest, serveCard, withSignatures } from './served-card.ts';
import type { ServedCard } from './served-card.ts';
import type { ServedCards } from './served-cards.ts';
import type { AgentPlace } from './served-interfaces.ts';

export interface CardPorts {
  readonly agents: AgentStore;
  readonly cardStore: Pick<CardStore, 'storeSignatures'>;
  readonly cardSigner: CardSigner;
  /** The cache of this process. */
  readonly servedCards: ServedCards;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end; known once the platform listens. */
  readonly publicUrl: () => string;
  /** `host:port` of the gRPC surface, once it listens; null or absent when there is none. */
  readonly grpcAddress?: () => string | null;
}

/** The served card of an agent of the caller's tenant; throws `registry.agent-unknown`. */
export function getCard(ports: CardPorts) {
  return async (caller: Caller, agentName: string): Promise<ServedCard> => {
    const { id: tenantId, slug: tenantSlug } = caller.tenant;
    const address = { tenantSlug, agentName };
    const known = keptOf(ports, address);
    if (known !== null) return known.served;
    const read = async () => (slugProblem(agentName) === null ? ports.agents.findCard(tenantId, agentName) : null);
    const served = await readCard(ports, address, read);
    if (served === null) throw new PlatformError('registry.agent-unknown');
    return served;
  };
}

/**
 * Whether this process has a cached card that only the tenant may read. Then the surface authenticates the reader first and skips the lookup
 * of a public card. A refused reader sees the same answer, at the same cost, as for an unknown agent.
 */
export function isTenantsCard(ports: Pick<CardPorts, 'cardSigner' | 'servedCards'>) {
  return (address: CardAddress): boolean => keptOf(ports, address)?.published.cardVisibility === 'tenant';
}

/** The served card of an agent with a public card; null when there is no such agent or its card is not public. */
export function findPublicCard(ports: CardPorts) {
  return async (address: CardAddress): Promise<ServedCard | null> => {
    const { tenantSlug, agentName } = address;
    if (slugProblem(tenantSlug) !== null || slugProblem(agentName) !== null) return null;
    const known = keptOf(ports, address);
    if (known?.published.cardVisibility === 'public') return known.served;
    return readCard(ports, address, () => ports.agents.findPublicCard(tenantSlug, agentName));
  };
}

type CardAddress = Pick<AgentPlace, 'tenantSlug' | 'agentName'>;

function keptOf({ servedCards, cardSigner }: Pick<CardPorts, 'cardSigner' | 'servedCards'>, address: CardAddress) {
  return servedCards.find(address, cardSigner.kid);
}

/** Reads a card, signs it and caches it; null when there is none. */
async function readCard(
  ports: CardPorts,
  address: CardAddress,
  read: () => Promise<PublishedCard | null>,
): Promise<ServedCard | null> {
  const { servedCards, cardSigner } = ports;
  const mark = servedCards.mark();
  const { kid } = cardSigner;
  const published = await read();
  if (published === null) return null;
  const served = await signedCard(ports, published, { ...placeOf(ports), ...address });
  return servedCards.keep(address, { served, published, kid }, mark);
}

/** The served card with its stored signatures, or with new ones that are then stored. */
async function signedCard(ports: CardPorts, published: PublishedCard, place: AgentPlace): Promise<ServedCard> {
  const { cardStore, cardSigner } = ports;
  const served = serveCard(published, place);
  const digest = servedDigest(served, cardSigner.kid);
  const stored = published.signatures;
  if (stored !== null && stored.digest === digest) return withSignatures(served, stored);
  const signatures = await cardSigner.sign(served.card);
  return withSignatures(served, await cardStore.storeSignatures(published, { digest, signatures }));
}

/** The platform's own addresses. */
export function placeOf({
  publicUrl,
  grpcAddress,
}: Pick<CardPorts, 'grpcAddress' | 'publicUrl'>): Pick<AgentPlace, 'publicUrl' | 'grpcAddress'> {
  return { publicUrl: publicUrl(), grpcAddress: grpcAddress?.() ?? null };
}
