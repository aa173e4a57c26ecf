import type { AgentCard } from '@colloquy/protocol';
import { digest128 } from '../../kernel/digest.ts';
import type { PublishedCard } from './agent.ts';
import type { StoredSignatures } from './card-store.ts';
import { withoutHealthUrl, withoutSkillSettings } from './enterprise-extension.ts';
import { servedExtensions } from './own-extensions.ts';
import { servedInterfaces } from './served-interfaces.ts';
import type { AgentPlace } from './served-interfaces.ts';

/** A card as it is served, with its HTTP caching headers. */
export interface ServedCard {
  readonly card: AgentCard;
  /** Strong entity tag with its quotes (RFC 9110 section 8.8.3): equal only for equal cards. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly cacheControl: string;
}

const cardMaxAgeSeconds = 60;
const scopes = {
  'a2a:send': 'Send messages to agents',
  'a2a:read': 'Read agents and own tasks',
  'a2a:cancel': 'Cancel own tasks',
};

/** The served card for a stored card, the same for every reader, before it is signed. */
export function serveCard(published: PublishedCard, place: AgentPlace): ServedCard {
  const hidden = new Set(published.extendedSkillIds);
  const card = cardThroughUs(withoutSkillSettings(published.card, hidden), place);
  return served({ ...card, skills: card.skills.filter(({ id }) => !hidden.has(id)) }, published);
}

/** A digest of the served card and the signing key. Stored signatures are valid while it is equal. */
export function servedDigest({ card }: ServedCard, kid: string): string {
  return digest128(`${kid} ${JSON.stringify(card)}`);
}

/** The card with the platform's signatures. `lastModified` is the time of the signatures, because every change of the card is signed again. */
export function withSignatures(
  { card, cacheControl }: ServedCard,
  { signatures, signedAt }: StoredSignatures,
): ServedCard {
  const signed = { ...card, signatures };
  return { card: signed, etag: etagOf(signed), lastModified: signedAt, cacheControl };
}

function served(card: AgentCard, { cardVisibility, publishedAt }: PublishedCard): ServedCard {
  return {
    card,
    etag: etagOf(card),
    lastModified: publishedAt,
    cacheControl: `${cardVisibility === 'public' ? 'public' : 'private'}, max-age=${cardMaxAgeSeconds}`,
  };
}

/** The entity tag of a served card. */
export function etagOf(card: AgentCard): string {
  return `"${digest128(JSON.stringify(card))}"`;
}

/**
 * The agent's card with the platform's interfaces and security schemes. Callers authenticate to the platform, so the agent's schemes and
 * its skills' requirements are removed; so are its signatures, which no longer match. Its extensions stay beside the platform's: a
 * caller's request for one is passed on to the agent.
 */
export function cardThroughUs(card: AgentCard, place: AgentPlace): AgentCard {
  const { signatures: _signatures, skills, ...kept } = withoutHealthUrl(card);
  return {
    ...kept,
    supportedInterfaces: servedInterfaces(place),
    // Tasks are streamed from the platform's log, so streaming works for every agent.
    capabilities: {
      streaming: true,
      pushNotifications: true,
      extendedAgentCard: true,
      extensions: servedExtensions(kept.capabilities.extensions),
    },
    securitySchemes: {
      bearer: { httpAuthSecurityScheme: { scheme: 'Bearer', bearerFormat: 'JWT' } },
      oauth2: {
        oauth2SecurityScheme: {
          flows: { clientCredentials: { tokenUrl: `${place.publicUrl}/oauth/token`, scopes } },
          ...metadataUrlAt(place.publicUrl),
        },
      },
    },
    securityRequirements: [{ schemes: { oauth2: { list: Object.keys(scopes) } } }, { schemes: { bearer: {} } }],
    skills: skills.map(({ securityRequirements: _requirements, ...skill }) => skill),
  };
}

/** The address of the authorization server's metadata. A2A demands TLS for it, so a platform without TLS leaves it out. */
function metadataUrlAt(publicUrl: string): { readonly oauth2MetadataUrl?: string } {
  return publicUrl.startsWith('https:')
    ? { oauth2MetadataUrl: `${publicUrl}/.well-known/oauth-authorization-server` }
    : {};
}
