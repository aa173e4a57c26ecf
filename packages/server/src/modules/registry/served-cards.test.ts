/** Guarantee: a changed card is not served from the cache, and the cache is bounded. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, plainCard } from '@colloquy/testkit';
import { createIdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { ServedCard } from './served-card.ts';
import { ServedCards } from './served-cards.ts';

const clock = new FakeClock();
const ids = createIdSource(clock, { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
const [mine, yours] = [ids.next('tnt'), ids.next('tnt')];
const address = { tenantSlug: 'mine', agentName: 'echo' };
const kid = 'key-1';

const servedCard = (description: string): ServedCard => ({
  card: plainCard('Echo', description),
  etag: '"1"',
  lastModified: new Date(0),
  cacheControl: 'private',
});
const of = (tenantId: typeof mine, description = '') => ({
  served: servedCard(description),
  published: { tenantId, cardVisibility: 'tenant' as const },
  kid,
});

describe('a served card', () => {
  it('is cached until its tenant’s agents change, its TTL is over or the signing key changes', async () => {
    const cards = new ServedCards(clock);
    const card = of(mine);
    cards.keep(address, card, cards.mark());
    cards.forget(yours);
    assert.deepEqual(cards.find(address, kid)?.served, card.served);
    assert.equal(cards.find(address, 'key-2'), null);
    assert.equal(cards.find({ ...address, tenantSlug: 'yours' }, kid), null);
    cards.forget(mine);
    assert.equal(cards.find(address, kid), null);
    const mark = cards.mark();
    await clock.advance(limits.cardRefreshMs - 1);
    const asKept = cards.keep(address, card, mark);
    assert.equal(cards.find(address, kid)?.served, asKept, 'all readers share the same bytes');
    await clock.advance(1);
    assert.equal(cards.find(address, kid), null, 'the TTL counts from the start of the read');
  });

  it('that was read during a change is not cached', () => {
    const cards = new ServedCards(clock);
    const mark = cards.mark();
    cards.forget(mine);
    cards.keep(address, of(mine), mark);
    assert.equal(cards.find(address, kid), null);
  });

  it('is cached without its source card, which may have large withheld skills', () => {
    const cards = new ServedCards(clock);
    const { served, published } = of(mine);
    const whole = { ...published, card: { ...served.card, description: 'withheld' }, extendedSkillIds: ['withheld'] };
    cards.keep(address, { served, published: whole, kid }, cards.mark());
    assert.deepEqual(cards.find(address, kid)?.published, published);
  });

  it('is evicted when the cache is full, the oldest first', () => {
    const cards = new ServedCards(clock);
    const large = 'x'.repeat(limits.servedCardsBytesMax / 24);
    const names = Array.from({ length: 10 }, (_, at) => `agent-${at}`);
    for (const agentName of names) cards.keep({ ...address, agentName }, of(mine, large), cards.mark());
    const left = names.filter((agentName) => cards.find({ ...address, agentName }, kid) !== null);
    assert.deepEqual(left, names.slice(-3));
    cards.keep(address, of(mine, 'x'.repeat(limits.servedCardsBytesMax)), cards.mark());
    assert.equal(cards.find(address, kid), null, 'a card larger than the cache');
  });
});
