import type { AgentCard } from '@colloquy/protocol';
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

/** Readers of 0.2 and of 0.1 read the same address, and each of them ignores members that only the other knows. */
const earlierCard: CardForm = {
  version: '0.1',
  encode: (card) => {
    const authentication = JSON.stringify(authenticationOf(card));
    return `${cardV03.encode(card).slice(0, -1)},"authentication":${authentication}}`;
  },
};

/** Paths of cards below an agent's address, each with its form; the first is everybody's, and a version named in the header counts there. */
export const cardPaths = {
  any: '/.well-known/agent-card.json',
  // An address of its own, because readers of 0.3 name no version.
  v03: '/v0.3/.well-known/agent-card.json',
  // Where cards were up to A2A 0.2.6.
  earlier: '/.well-known/agent.json',
} as const;

/** The form of the card that a request asks for: 1.0 unless path or header say 0.3. */
export function cardFormOf(request: FastifyRequest, path: string): CardForm {
  if (path === cardPaths.v03) return cardV03;
  if (path === cardPaths.earlier) return earlierCard;
  const header = request.headers['a2a-version'];
  const named = typeof header === 'string' ? namedVersion(header) : undefined;
  return named?.majorMinor === cardV03.version ? cardV03 : cardV1;
}

/** The entity tag of a card in a form: forms differ in their bytes. */
export function tagOf(etag: string, form: CardForm): string {
  return form === cardV1 ? etag : etag.replace(/"$/, `-${form.version}"`);
}
