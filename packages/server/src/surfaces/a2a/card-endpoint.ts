import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { authorize } from '../../modules/access/index.ts';
import type { AgentAddress } from '../../modules/gateway/index.ts';
import type { ServedCard } from '../../modules/registry/index.ts';
import { isTagKnown } from '../http/index.ts';
import type { CallerOf } from '../http/index.ts';
import { targetOf } from './a2a-request.ts';
import { cardBytes } from './card-bytes.ts';
import { cardFormOf, tagOf } from './card-forms.ts';

export interface CardPorts {
  readonly callerOf: CallerOf;
  /** The card of an agent of the caller's tenant; rejects with `registry.agent-unknown`. */
  readonly getCard: (caller: Caller, agentName: string) => Promise<ServedCard>;
  /** The card of an agent that shows it to everybody; null for every other. */
  readonly findPublicCard: (address: AgentAddress) => Promise<ServedCard | null>;
  /** Whether this process knows the card, and that it is not for everybody. */
  readonly isTenantsCard: (address: AgentAddress) => boolean;
}

/** Serves agent cards (A2A 1.0 section 8.2): public ones to everybody, others to their tenant. A reader without a token learns nothing else. */
export function cardEndpoint(ports: CardPorts) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { address, path } = targetOf(request);
    const form = cardFormOf(request, path);
    const served = await servedCard(ports, request, address);
    const etag = tagOf(served.etag, form);
    void reply.headers({
      'content-type': 'application/json',
      'cache-control': served.cacheControl,
      etag,
      'last-modified': served.lastModified.toUTCString(),
      vary: 'Authorization, A2A-Version',
    });
    return isKnown(request.headers, { etag, lastModified: served.lastModified })
      ? reply.code(304).send()
      : // As bytes, because the framework would add a charset to the type of a text.
        reply.send(cardBytes(served, form));
  };
}

async function servedCard(ports: CardPorts, request: FastifyRequest, address: AgentAddress): Promise<ServedCard> {
  if (!ports.isTenantsCard(address))
    return (await ports.findPublicCard(address)) ?? (await tenantCard(ports, request, address));
  try {
    return await tenantCard(ports, request, address);
  } catch (refusal) {
    const shownToAll = await ports.findPublicCard(address);
    if (shownToAll === null) throw refusal;
    return shownToAll;
  }
}

async function tenantCard(ports: CardPorts, request: FastifyRequest, address: AgentAddress): Promise<ServedCard> {
  const caller = await ports.callerOf(request);
  authorize(caller, 'card.read', address);
  if (address.tenantSlug !== caller.tenant.slug) throw new PlatformError('registry.agent-unknown');
  return ports.getCard(caller, address.agentName);
}

interface Validators {
  readonly etag: string;
  readonly lastModified: Date;
}

/** Whether the reader has this card already (RFC 9110 section 13.2.2): the date counts only where no tag is given. */
function isKnown(conditions: IncomingHttpHeaders, { etag, lastModified }: Validators): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = conditions;
  if (tags !== undefined) return isTagKnown(tags, etag);
  const sinceMs = since === undefined ? Number.NaN : Date.parse(since);
  // HTTP dates have no fraction of a second.
  return Math.floor(lastModified.getTime() / 1000) * 1000 <= sinceMs;
}
