import type { AgentCard } from '@colloquy/protocol';
import { digest128 } from '../../kernel/digest.ts';
import type { PublishedCard } from './agent.ts';
import type { StoredSignatures } from './card-store.ts';
import { withoutHealthUrl, withoutSkillTerms } from './enterprise-extension.ts';
import { servedExtensions } from './own-extensions.ts';
import { servedInterfaces } from './served-interfaces.ts';
import type { AgentPlace } from './served-interfaces.ts';

/** A card as we answer it, with what HTTP needs to let readers keep it. */
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

/** What we answer for a stored card to everybody who may read it, before it is signed. */
export function serveCard(published: PublishedCard, place: AgentPlace): ServedCard {
  const hidden = new Set(published.extendedSkillIds);
  const card = cardThroughUs(withoutSkillTerms(published.card, hidden), place);
  return served({ ...card, skills: card.skills.filter(({ id }) => !hidden.has(id)) }, published);
}

/** Equal for the same served card under the same key; what kept signatures are found by. */
export function servedDigest({ card }: ServedCard, kid: string): string {
  return digest128(`${kid} ${JSON.stringify(card)}`);
}

/** The card with our signatures. It is as new as they are, because anything that changes in it makes them anew. */
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

/** The entity tag of a card as it is answered. */
export function etagOf(card: AgentCard): string {
  return `"${digest128(JSON.stringify(card))}"`;
}

/**
 * The agent's card with everything about reaching it replaced by ours. Callers authenticate to us, so the agent's schemes and the
 * requirements of its skills go; its signatures no longer fit. Its extensions stay, beside ours: who names one is passed on.
 */
export function cardThroughUs(card: AgentCard, place: AgentPlace): AgentCard {
  const { signatures: _signatures, skills, ...kept } = withoutHealthUrl(card);
  return {
    ...kept,
    supportedInterfaces: servedInterfaces(place),
    // Every task is streamed from its log, so also one of an agent that can not stream by itself.
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
          oauth2MetadataUrl: `${place.publicUrl}/.well-known/oauth-authorization-server`,
        },
      },
    },
    securityRequirements: [{ schemes: { oauth2: { list: Object.keys(scopes) } } }, { schemes: { bearer: {} } }],
    skills: skills.map(({ securityRequirements: _requirements, ...skill }) => skill),
  };
}
