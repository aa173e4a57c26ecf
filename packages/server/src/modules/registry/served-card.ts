import type { AgentCard, AgentInterface } from '@colloquy/protocol';
import { digest128 } from '../../kernel/digest.ts';
import type { PublishedCard } from './agent.ts';

/** A card as we answer it, with what HTTP needs to let readers keep it. */
export interface ServedCard {
  readonly card: AgentCard;
  /** Strong entity tag with its quotes (RFC 9110 section 8.8.3): equal only for equal cards. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly cacheControl: string;
}

/** Where the world reaches an agent through this platform. */
export interface AgentPlace {
  /** Scheme, host, port and path prefix of the platform, without a slash at its end. */
  readonly publicUrl: string;
  /** `host:port` of the gRPC surface; null or absent when there is none to tell of. */
  readonly grpcAddress?: string | null;
  readonly tenantSlug: string;
  readonly agentName: string;
}

const cardMaxAgeSeconds = 60;
const scopes = {
  'a2a:send': 'Send messages to agents',
  'a2a:read': 'Read agents and own tasks',
  'a2a:cancel': 'Cancel own tasks',
};

/** The A2A base address of an agent. */
export function agentUrlOf({ publicUrl, tenantSlug, agentName }: AgentPlace): string {
  return `${publicUrl}/t/${tenantSlug}/agents/${agentName}`;
}

/** What we answer for a stored card. */
export function serveCard(published: PublishedCard, place: AgentPlace): ServedCard {
  const card = cardThroughUs(published.card, place);
  return {
    card,
    etag: `"${digest128(JSON.stringify(card))}"`,
    lastModified: published.publishedAt,
    cacheControl: `${published.cardVisibility === 'public' ? 'public' : 'private'}, max-age=${cardMaxAgeSeconds}`,
  };
}

/**
 * The agent's card with everything about reaching it replaced by ours. Callers authenticate to us, so the agent's schemes and the
 * requirements of its skills go; its signatures no longer fit; extensions need headers that we do not pass on.
 */
function cardThroughUs(card: AgentCard, place: AgentPlace): AgentCard {
  const { signatures: _signatures, skills, ...kept } = card;
  return {
    ...kept,
    supportedInterfaces: interfacesOf(place),
    // Every task is streamed from its log, so also one of an agent that can not stream by itself.
    capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: false },
    securitySchemes: {
      bearer: { httpAuthSecurityScheme: { scheme: 'Bearer', bearerFormat: 'JWT' } },
      oauth2: {
        oauth2SecurityScheme: {
          flows: { clientCredentials: { tokenUrl: `${place.publicUrl}/oauth/token`, scopes } },
          oauth2MetadataUrl: `${place.publicUrl}/.well-known/oauth-authorization-server`,
        },
      },
    },
    securityRequirements: [{ schemes: { oauth2: { list: Object.keys(scopes) } } }, { schemes: { bearer: {} } }],
    skills: skills.map(({ securityRequirements: _requirements, ...skill }) => skill),
  };
}

function interfacesOf(place: AgentPlace): readonly AgentInterface[] {
  const { grpcAddress = null, tenantSlug, agentName } = place;
  const url = agentUrlOf(place);
  const protocolVersion = '1.0';
  const byHttp = ['JSONRPC', 'HTTP+JSON'].map((protocolBinding) => ({ url, protocolBinding, protocolVersion }));
  if (grpcAddress === null) return byHttp;
  // One port serves every agent, so here the tag tells which.
  const routingTag = `${tenantSlug}/${agentName}`;
  return [...byHttp, { url: grpcAddress, protocolBinding: 'GRPC', routingTag, protocolVersion }];
}
