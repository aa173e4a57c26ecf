/** Guarantee: cards that are read in every form take no more memory than they may. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import type { AgentCard } from '@colloquy/protocol';
import type { FastifyRequest } from 'fastify';
import { FakeClock, heldBytes } from '@colloquy/testkit';
import { createIdSource } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { ServedCards } from '../src/modules/registry/index.ts';
import type { ServedCard } from '../src/modules/registry/index.ts';
import { serveCard, withSignatures } from '../src/modules/registry/served-card.ts';
import { cardBytes } from '../src/surfaces/a2a/card-bytes.ts';
import { cardFormOf, cardPaths } from '../src/surfaces/a2a/card-forms.ts';

const clock = new FakeClock();
const ids = createIdSource(clock, { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
const tenantId = ids.next('tnt');
const kid = 'key-1';
const tenantSlug = 'acme';
const cardVisibility = 'tenant' as const;

const skillOf = (at: number) => ({
  id: `skill-${String(at)}`,
  name: `Skill ${String(at)}`,
  description: `Does what skill ${String(at)} of an agent does, in a few words.`,
  tags: [`tag-${String(at % 3)}`],
});

const cardText = JSON.stringify({
  name: 'Echo',
  // Beyond Latin-1, where V8 takes two bytes for each letter of the whole text.
  description: 'Has a description of one or two lines – as agents have them: 問い合わせに答えます。',
  version: '1.0',
  supportedInterfaces: [],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: Array.from({ length: 5 }, (_, at) => skillOf(at)),
});

/** As one that was read from the database and signed: no two share a text. */
function newlyServed(agentName: string): ServedCard {
  const card = JSON.parse(cardText) as AgentCard;
  const agentId = ids.next('agt');
  const published = { tenantId, agentId, card, version: 1, cardVisibility, publishedAt: new Date(0), signatures: null };
  const served = serveCard(
    { ...published, extendedSkillIds: [] },
    { publicUrl: 'https://colloquy.example', tenantSlug, agentName },
  );
  const signatures = [
    { protected: randomBytes(90).toString('base64url'), signature: randomBytes(64).toString('base64url') },
  ];
  return withSignatures(served, { digest: '', signatures, signedAt: new Date(0) });
}
const noHeaders = { headers: {} } as FastifyRequest;
const of1 = { headers: { 'a2a-version': '1.0' } as Record<string, string> } as FastifyRequest;
const forms = [cardFormOf(of1, cardPaths.any), ...Object.values(cardPaths).map((path) => cardFormOf(noHeaders, path))];

/** How many cards are kept once there is no room for one more; each was read in every form. */
function fill(cards: ServedCards): number {
  for (let at = 0; ; at += 1) {
    const address = { tenantSlug, agentName: `agent-${String(at)}` };
    const served = newlyServed(address.agentName);
    const asKept = cards.keep(address, { served, published: { tenantId, cardVisibility }, kid }, cards.mark());
    if (cards.find({ tenantSlug, agentName: 'agent-0' }, kid) === null) return at;
    for (const form of forms) cardBytes(asKept, form);
  }
}

it('cards that are read in every form take the memory that they may, and not much less', () => {
  const before = heldBytes();
  const cards = new ServedCards(clock);
  const kept = fill(cards);
  const takenShare = (heldBytes() - before) / limits.servedCardsBytesMax;
  assert.ok(takenShare < 1 && takenShare > 0.6, `${takenShare.toFixed(2)} of what they may, for ${String(kept)} cards`);
  assert.notEqual(cards.find({ tenantSlug, agentName: `agent-${String(kept)}` }, kid), null);
});
