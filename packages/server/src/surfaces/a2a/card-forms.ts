import type { AgentCard, JsonObject, JsonValue } from '@colloquy/protocol';
import { authenticationOf } from '@colloquy/protocol/v0_1';
import * as v03 from '@colloquy/protocol/v0_3';
import { encodeAgentCard, namedVersion } from '@colloquy/protocol/v1';
import type { FastifyRequest } from 'fastify';

/** A card in the words of one version of A2A. */
export interface CardForm {
  readonly version: string;
  readonly encode: (card: AgentCard) => string;
}

const cardV1: CardForm = { version: '1.0', encode: encodeAgentCard };

/** A card in the words of 0.3, which is spoken at the addresses of 1.0 over HTTP. Our signatures are over the card of 1.0, so they go. */
export function cardTextIn03({ signatures: _signatures, ...card }: AgentCard, dialect: v03.Dialect): string {
  const supportedInterfaces = card.supportedInterfaces
    .filter(({ protocolVersion, protocolBinding }) => protocolVersion === '1.0' && protocolBinding !== 'GRPC')
    .map(({ url, protocolBinding }) => ({ url, protocolBinding, protocolVersion: '0.3' }));
  return v03.encodeAgentCard({ ...card, supportedInterfaces }, dialect);
}

const cardV03: CardForm = { version: '0.3', encode: (card) => cardTextIn03(card, 'json') };

/**
 * One card for readers of 1.0 and of 0.3, which name no version: 1.0's card with the members of 0.3's beside its own. Their names differ,
 * except in security schemes, which get the members of both. Verifiers of 1.0 ignore what 1.0 does not know, so our signatures stay valid.
 */
const cardForBoth: CardForm = {
  version: '1.0+0.3',
  encode: (card) => JSON.stringify(merged(parsed(cardV03.encode(card)), parsed(encodeAgentCard(card)))),
};

const parsed: (text: string) => JsonValue = JSON.parse;

/** The members of both values; where they differ otherwise, the second one. Lists of equal length are merged item by item. */
function merged(older: JsonValue | undefined, newer: JsonValue): JsonValue {
  if (isList(older) && isList(newer) && older.length === newer.length)
    return newer.map((item, at) => merged(older[at], item));
  if (!isObject(older) || !isObject(newer)) return newer;
  const common = Object.entries(newer).map(([name, value]) => [name, merged(ownOf(older, name), value)] as const);
  return { ...older, ...Object.fromEntries(common) };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function ownOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Readers of 0.2 and of 0.1 read the same address, and each of them ignores members that only the other knows. */
const earlierCard: CardForm = {
  version: '0.1',
  encode: (card) => {
    const authentication = JSON.stringify(authenticationOf(card));
    return `${cardV03.encode(card).slice(0, -1)},"authentication":${authentication}}`;
  },
};

/** Paths of cards below an agent's address. At the first one, the version in the header chooses the form. */
export const cardPaths = {
  any: '/.well-known/agent-card.json',
  // For readers of 0.3 that refuse members they do not know.
  v03: '/v0.3/.well-known/agent-card.json',
  // Where cards were up to A2A 0.2.6.
  earlier: '/.well-known/agent.json',
} as const;

/** The form of the card that a request asks for. Readers of 0.3 name no version, and nor do some of 1.0. */
export function cardFormOf(request: FastifyRequest, path: string): CardForm {
  if (path === cardPaths.v03) return cardV03;
  if (path === cardPaths.earlier) return earlierCard;
  const header = request.headers['a2a-version'];
  const named = typeof header === 'string' ? namedVersion(header) : undefined;
  if (named === undefined) return cardForBoth;
  return named.majorMinor === cardV03.version ? cardV03 : cardV1;
}

/** The entity tag of a card in a form: forms differ in their bytes. */
export function tagOf(etag: string, form: CardForm): string {
  return form === cardV1 ? etag : etag.replace(/"$/, `-${form.version}"`);
}
