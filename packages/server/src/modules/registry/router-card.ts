import type { AgentCard } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { routerName } from '../../kernel/router-name.ts';
import { placeOf } from './get-card.ts';
import type { CardPorts } from './get-card.ts';
import { cardThroughUs, etagOf } from './served-card.ts';
import type { ServedCard } from './served-card.ts';

/** The router's own card. */
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

/** While a process runs, only the signing key of the router's card changes. */
export type RouterCardPorts = Pick<CardPorts, 'cardSigner' | 'grpcAddress' | 'publicUrl'> & {
  readonly startedAt: Date;
};

/** The signed card of the router of the caller's tenant; the same for every caller of the tenant. */
export function getRouterCard(ports: RouterCardPorts) {
  const signed = new Map<string, Promise<ServedCard>>();
  return (caller: Caller): Promise<ServedCard> => {
    const tenantSlug = caller.tenant.slug;
    const key = `${tenantSlug} ${ports.cardSigner.kid}`;
    const known = signed.get(key);
    if (known !== undefined) return known;
    const making = makeCard(ports, tenantSlug);
    // After a failure the next call signs again.
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
