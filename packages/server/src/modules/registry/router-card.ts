import type { AgentCard } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { routerName } from '../../kernel/router-name.ts';
import { placeOf } from './get-card.ts';
import type { CardPorts } from './get-card.ts';
import { cardThroughUs, etagOf } from './served-card.ts';
import type { ServedCard } from './served-card.ts';

/** What the router says of itself. */
const described: AgentCard = {
  name: 'Router',
  description:
    'Takes a message and sends it to the agent and skill that fit it best, among those that you may use. The task says which, and why.',
  version: '1.0.0',
  supportedInterfaces: [],
  capabilities: {},
  defaultInputModes: ['text/plain', 'application/json'],
  defaultOutputModes: ['text/plain', 'application/json'],
  skills: [
    {
      id: 'route',
      name: 'Route a message',
      description:
        'By the skill that the message names in its metadata; else by its structured data, which has to fit the input schema of a skill; else by its words.',
      tags: ['routing', 'discovery'],
      examples: ['Summarise the attached report', 'What did we pay for hosting in March?'],
    },
  ],
};

/** Its card never changes while a process runs, but for the key that signs it. */
export type RouterCardPorts = Pick<CardPorts, 'cardSigner' | 'grpcAddress' | 'publicUrl'> & {
  readonly startedAt: Date;
};

/** The card of the router of the caller's tenant, signed; the same for everybody in the tenant. */
export function getRouterCard(ports: RouterCardPorts) {
  const signed = new Map<string, Promise<ServedCard>>();
  return (caller: Caller): Promise<ServedCard> => {
    const tenantSlug = caller.tenant.slug;
    const key = `${tenantSlug} ${ports.cardSigner.kid}`;
    const known = signed.get(key);
    if (known !== undefined) return known;
    const making = makeCard(ports, tenantSlug);
    // What could not be signed is tried again.
    making.catch(() => signed.delete(key));
    keepNewest(signed, key, making, limits.routerCardsMax);
    return making;
  };
}

async function makeCard(ports: RouterCardPorts, tenantSlug: string): Promise<ServedCard> {
  const plain = cardThroughUs(described, { ...placeOf(ports), tenantSlug, agentName: routerName });
  const card = { ...plain, signatures: await ports.cardSigner.sign(plain) };
  return { card, etag: etagOf(card), lastModified: ports.startedAt, cacheControl: 'private, max-age=60' };
}
