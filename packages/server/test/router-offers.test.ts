/** Guarantee: skills are tried in an order that follows from the message and the offers alone, and one that the data does not fit never is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createSchemaJudge } from '../src/adapters/json-schemas/index.ts';
import { rankOffers, reportOffers } from '../src/modules/routing/index.ts';
import type { SchemaFit, SkillOffer } from '../src/modules/routing/index.ts';

const judge = createSchemaJudge({ monotonicMs: () => performance.now() });
const fits: SchemaFit = (schema, value) => judge.violationsOf(schema, value).length === 0;
const offer = (agentName: string, overrides: Partial<SkillOffer> = {}): SkillOffer => ({
  agentId: `agt_${'1'.repeat(32)}` as const,
  agentName,
  skillId: 'skill',
  name: 'Skill',
  description: '',
  tier: 'silver',
  priceMicrocredits: 5n,
  inputSchema: null,
  rank: 0,
  isDeprecated: false,
  ...overrides,
});
const asking = (...required: readonly string[]) => ({ inputSchema: { type: 'object', required: [...required] } });
const question = { skillId: null, data: [], text: '' };

describe('the order of offers', () => {
  const namesOf = (offers: readonly SkillOffer[], by: 'skill-id' | 'schema-fit' | 'text-match', data: unknown[] = []) =>
    rankOffers(offers, { ...question, data }, { by, fits }).map((one) => one.offer.agentName);

  it('goes by the words, then the tier, the price and the name; what is deprecated is last', () => {
    const offers = [
      offer('deprecated', { rank: 9, isDeprecated: true }),
      offer('dear', { rank: 1, tier: 'gold', priceMicrocredits: 9_007_199_254_740_993n }),
      offer('cheap', { rank: 1, tier: 'gold', priceMicrocredits: 9_007_199_254_740_992n }),
      offer('b', { rank: 1 }),
      offer('a', { rank: 1 }),
      offer('bronze', { rank: 1, tier: 'bronze' }),
      offer('best', { rank: 2, tier: 'bronze' }),
    ];
    assert.deepEqual(namesOf(offers, 'text-match'), ['best', 'cheap', 'dear', 'a', 'b', 'bronze', 'deprecated']);
  });

  it('puts the schema first that asks for most, and last what the data does not fit', () => {
    const offers = [
      offer('any', { rank: 9 }),
      offer('one', asking('x')),
      offer('two', asking('x', 'y')),
      offer('three', asking('x', 'y', 'z')),
    ];
    const data = [{ x: 1, y: 2 }];
    assert.deepEqual(namesOf(offers, 'schema-fit', data), ['two', 'one', 'any', 'three']);
    const ranked = rankOffers(offers, { ...question, data }, { by: 'schema-fit', fits });
    assert.deepEqual(
      reportOffers(ranked, 1, new Map([[0, 'routing.no-instance']])).map(({ agent, verdict }) => [agent, verdict]),
      [
        ['two', 'routing.no-instance'],
        ['one', 'won'],
        ['any', 'lower-rank'],
        ['three', 'schema-does-not-fit'],
      ],
    );
  });

  it('is the same for the same offers in whatever order they come', () => {
    const any = fc.array(
      fc.record({
        agentName: fc.constantFrom('a', 'b', 'c'),
        skillId: fc.constantFrom('s', 't'),
        tier: fc.constantFrom('gold' as const, 'silver' as const, 'bronze' as const),
        rank: fc.constantFrom(0, 0.1, 0.2),
        priceMicrocredits: fc.constantFrom(1n, 2n),
        isDeprecated: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(any, (all) => {
        const offers = all.map(({ agentName, ...rest }) => offer(agentName, rest));
        const order = (some: readonly SkillOffer[]) =>
          rankOffers(some, question, { by: 'text-match', fits }).map((one) => one.offer);
        assert.deepEqual(order(offers.toReversed()), order(offers));
      }),
    );
  });

  it('is spared by schemas that are hostile: too large, foreign, broken, or slow to match', () => {
    const value = { text: `${'a'.repeat(40)}!` };
    const slow = { type: 'object', properties: { text: { type: 'string', pattern: '^(a+)+$' } } };
    const startedAt = performance.now();
    assert.equal(fits(slow, value), false);
    assert.ok(performance.now() - startedAt < 1_000);
    assert.equal(fits({ $ref: 'https://elsewhere.example/schema' }, value), false);
    assert.equal(fits({ type: 'no such type' }, value), false);
    assert.equal(fits({ description: 'x'.repeat(100_000) }, value), false);
    assert.equal(fits({ $id: 'same', type: 'object' }, value), true);
    assert.equal(fits({ $id: 'same', type: 'array' }, value), false);
  });
});
