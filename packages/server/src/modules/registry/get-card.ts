import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentStore } from './agent-store.ts';
import type { PublishedCard } from './agent.ts';
import type { CardSigner } from './card-signer.ts';
import type { CardStore } from './card-store.ts';
import { servedDigest, serveCard, withSignatures } from './served-card.ts';
import type { ServedCard } from './served-card.ts';
import type { AgentPlace } from './served-interfaces.ts';

export interface CardPorts {
  readonly agents: AgentStore;
  readonly cardStore: Pick<CardStore, 'keepSignatures'>;
  readonly cardSigner: CardSigner;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end; known once the platform listens. */
  readonly publicUrl: () => string;
  /** `host:port` of the gRPC surface, once it listens; null or absent when there is none to tell of. */
  readonly grpcAddress?: () => string | null;
}

/** The card of an agent of the caller's tenant, as we serve it; throws `registry.agent-unknown`. */
export function getCard(ports: CardPorts) {
  return async (caller: Caller, agentName: string): Promise<ServedCard> => {
    const published = slugProblem(agentName) === null ? await ports.agents.findCard(caller.tenant.id, agentName) : null;
    if (published === null) throw new PlatformError('registry.agent-unknown');
    return signedCard(ports, published, { ...placeOf(ports), tenantSlug: caller.tenant.slug, agentName });
  };
}

/** The card of an agent that shows it to everybody, as we serve it; null when there is no such agent or its card is not public. */
export function findPublicCard(ports: CardPorts) {
  return async (address: { readonly tenantSlug: string; readonly agentName: string }): Promise<ServedCard | null> => {
    const { tenantSlug, agentName } = address;
    if (slugProblem(tenantSlug) !== null || slugProblem(agentName) !== null) return null;
    const published = await ports.agents.findPublicCard(tenantSlug, agentName);
    return published === null ? null : signedCard(ports, published, { ...placeOf(ports), ...address });
  };
}

/** The served card with the signatures that are kept for it, or with new ones that are kept from now on. */
async function signedCard(ports: CardPorts, published: PublishedCard, place: AgentPlace): Promise<ServedCard> {
  const { cardStore, cardSigner } = ports;
  const served = serveCard(published, place);
  const digest = servedDigest(served, cardSigner.kid);
  const { kept } = published;
  if (kept !== null && kept.digest === digest) return withSignatures(served, kept);
  const signatures = await cardSigner.sign(served.card);
  return withSignatures(served, await cardStore.keepSignatures(published, { digest, signatures }));
}

/** Where our own surfaces are. */
export function placeOf({
  publicUrl,
  grpcAddress,
}: Pick<CardPorts, 'grpcAddress' | 'publicUrl'>): Pick<AgentPlace, 'publicUrl' | 'grpcAddress'> {
  return { publicUrl: publicUrl(), grpcAddress: grpcAddress?.() ?? null };
}
