import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentStore } from './agent-store.ts';
import { serveCard } from './served-card.ts';
import type { AgentPlace, ServedCard } from './served-card.ts';

export interface CardPorts {
  readonly agents: AgentStore;
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
    return serveCard(published, { ...placeOf(ports), tenantSlug: caller.tenant.slug, agentName });
  };
}

/** The card of an agent that shows it to everybody, as we serve it; null when there is no such agent or its card is not public. */
export function findPublicCard(ports: CardPorts) {
  return async (address: { readonly tenantSlug: string; readonly agentName: string }): Promise<ServedCard | null> => {
    const { tenantSlug, agentName } = address;
    if (slugProblem(tenantSlug) !== null || slugProblem(agentName) !== null) return null;
    const published = await ports.agents.findPublicCard(tenantSlug, agentName);
    return published === null ? null : serveCard(published, { ...placeOf(ports), ...address });
  };
}

function placeOf({ publicUrl, grpcAddress }: CardPorts): Pick<AgentPlace, 'publicUrl' | 'grpcAddress'> {
  return { publicUrl: publicUrl(), grpcAddress: grpcAddress?.() ?? null };
}
