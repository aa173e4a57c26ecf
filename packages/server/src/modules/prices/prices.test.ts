/** Guarantee: a price is exact to the micro-credit, an unknown part is never free, and a price that is wrong is refused with its field. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue, Part } from '@colloquy/protocol';
import { priceInForce } from './price-in-force.ts';
import type { ListedPrices } from './price-in-force.ts';
import { priceLines, totalOf } from './price-lines.ts';
import { isPrice, parsePrice } from './parse-price.ts';
import { millionthsOf, textOfMillionths } from './millionths.ts';
import { plainPrice } from './price.ts';
import type { Price } from './price.ts';
import { decodeTaskPrice, encodeTaskPrice, priceTask, reservedOf, settledOf } from './task-price.ts';
import { usageReportIn, usageUri } from './usage-report.ts';

const unknown = 1_000_000n;

function priced(document: JsonValue): Price {
  const price = parsePrice(document);
  assert.ok(isPrice(price), 'the price is valid');
  return price;
}

function task(document: JsonValue, data?: JsonValue) {
  const parts: readonly Part[] = data === undefined ? [{ text: 'go' }] : [{ data }];
  return priceTask({ price: priced(document), source: { kind: 'registration' } }, { parts }, unknown);
}

const fieldsOf = (document: JsonValue): readonly string[] => {
  const parsed = parsePrice(document);
  return isPrice(parsed) ? [] : parsed.map(({ field }) => field);
};

const report = (items: number | null, units: Record<string, number> = {}) => {
  const read = usageReportIn({ [usageUri]: { ...(items === null ? {} : { items }), units } });
  return read === 'malformed' ? assert.fail() : read;
};

describe('a price', () => {
  const leads = { perItem: { price: 0.5, of: '$.leadIds[*]' } };
  const leadIds = Array.from({ length: 200 }, (_, at) => `lead-${at}`);

  it('CREDIT-15 of 200 leads at 0.5 reserves 100 credits, and 120 scored ones settle 60', () => {
    const price = task(leads, { leadIds });
    assert.equal(reservedOf(price), 100_000_000n);
    assert.equal(settledOf(price, report(120), 5_000), 60_000_000n);
    assert.equal(settledOf(price, report(0), 5_000), 0n);
    assert.equal(settledOf(price, null, 5_000), 100_000_000n);
    assert.equal(settledOf(price, report(250), 0), 125_000_000n);
  });

  it('CREDIT-16 of unknown quantity is the default, never zero', () => {
    for (const inputs of [undefined, { leadIds: 'all' }, { leadIds: -3 }, { leadIds: { a: 1 } }]) {
      const price = task({ perItem: { price: 0.5, of: '$.leadIds' } }, inputs);
      assert.equal(reservedOf(price), unknown);
      assert.equal(settledOf(price, null, 0), unknown);
      assert.equal(settledOf(price, report(3), 0), 1_500_000n);
      assert.notEqual(price.itemProblem, null);
    }
    assert.equal(reservedOf(task({ perSecond: 0.1 })), unknown);
    assert.equal(reservedOf(task({ perUnit: { tokens: 0.1, images: 1 } })), 2n * unknown);
    assert.equal(reservedOf(task(leads, { leadIds: [] })), 0n);
    assert.equal(reservedOf(task({ ...leads, estimate: { items: 4 } })), 2_000_000n);
  });

  it('adds its parts, each rounded upward once', () => {
    const price = task({
      perCall: '0.000001',
      perSecond: 0.000001,
      perUnit: { tokens: '0.000002' },
      estimate: { seconds: 0.5, units: { tokens: 3 } },
    });
    assert.equal(reservedOf(price), 1n + 1n + 6n);
    assert.equal(settledOf(price, report(null, { tokens: 0.1 }), 1_001), 1n + 2n + 1n);
  });

  it('has graduated tiers and a minimum', () => {
    const tiers = [
      { upTo: 100, price: 1 },
      { upTo: 1_000, price: 0.5 },
    ];
    const price = { perItem: { price: 0.1, tiers }, minimum: 10 };
    const at = (items: number) => settledOf(task(price), report(items), 0) / 10_000n;
    assert.deepEqual([0, 5, 10, 100, 150, 1_000, 2_000].map(at), [
      1_000n,
      1_000n,
      1_000n,
      10_000n,
      12_500n,
      55_000n,
      65_000n,
    ]);
    const lines = priceLines(priced(price), { items: 5_000_000n, seconds: null, units: new Map() }, unknown);
    assert.deepEqual(
      lines.map(({ component }) => component),
      ['items', 'minimum'],
    );
    assert.equal(totalOf(lines), 10_000_000n);
  });

  it('agrees with exact fractions for random prices, quantities and tiers', () => {
    let seed = 20261125;
    const next = (max: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed % max;
    };
    for (let round = 0; round < 2_000; round += 1) {
      const [price, first, upTo, items] = [next(5_000_000), next(5_000_000), 1 + next(50), next(100)] as const;
      const document = {
        perItem: {
          price: textOfMillionths(BigInt(price)),
          tiers: [{ upTo, price: textOfMillionths(BigInt(first)) }],
        },
      };
      const inFirst = Math.min(items, upTo);
      const expected = BigInt(inFirst) * BigInt(first) + BigInt(items - inFirst) * BigInt(price);
      assert.equal(settledOf(task(document), report(items), 0), expected);
    }
  });

  it('CREDIT-42 is never more than an amount can be', () => {
    const price = task({ perItem: { price: 9_000_000_000, of: '$.n' } }, { n: 9_000_000_000 });
    assert.equal(reservedOf(price), 9_000_000_000_000_000n);
  });

  it('is read again from the row of its task as it was recorded', () => {
    for (const [document, data] of [
      [leads, { leadIds }],
      [{ perCall: 2 }, undefined],
      [{ perItem: { price: 1, of: '$.n' } }, { n: 2.5 }],
      [{ perItem: { price: 1, of: '$.n' }, perUnit: { t: { price: 2, tiers: [{ upTo: 1, price: 3 }] } } }, { n: 'x' }],
    ] as const) {
      const recorded = task(document, data);
      const stored = structuredClone(encodeTaskPrice(recorded));
      const read = decodeTaskPrice(stored);
      assert.ok(read !== null);
      assert.equal(reservedOf(read), reservedOf(recorded));
      assert.equal(settledOf(read, report(7, { t: 9 }), 1_500), settledOf(recorded, report(7, { t: 9 }), 1_500));
    }
    for (const broken of [null, {}, { price: 5 }, { price: {} }, []]) assert.equal(decodeTaskPrice(broken), null);
  });

  it('CREDIT-42 is refused with the field that is wrong', () => {
    assert.deepEqual(fieldsOf({}), ['']);
    assert.deepEqual(fieldsOf('0.5'), ['']);
    for (const amount of [
      -1,
      0.0000001,
      1e-7,
      9_000_000_001,
      '1e3',
      'x',
      '',
      '-0.5',
      '1.2345678',
      null,
      true,
      [],
      {},
    ]) {
      assert.deepEqual(fieldsOf({ perCall: amount }), ['perCall'], JSON.stringify(amount));
    }
    assert.deepEqual(fieldsOf({ perItem: { price: 1, of: '$..x' } }), ['perItem.of']);
    assert.deepEqual(fieldsOf({ perItem: { of: '$.x' } }), ['perItem.price']);
    assert.deepEqual(fieldsOf({ perItem: 5 }), ['perItem']);
    assert.deepEqual(fieldsOf({ perCall: 1, perMonth: 2 }), ['perMonth']);
    assert.deepEqual(fieldsOf({ perUnit: { 'bad name': 1 } }), ['perUnit.bad name']);
    assert.deepEqual(fieldsOf({ perUnit: {} }), ['perUnit']);
    const units = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`u${at}`, 1]));
    assert.deepEqual(fieldsOf({ perUnit: units }), ['perUnit']);
    const tier = (upTo: number) => ({ upTo, price: 1 });
    assert.deepEqual(fieldsOf({ perItem: { price: 1, tiers: [tier(5), tier(5)] } }), ['perItem.tiers[1].upTo']);
    const many = Array.from({ length: 17 }, (_, at) => tier(at + 1));
    assert.deepEqual(fieldsOf({ perItem: { price: 1, tiers: many } }), ['perItem.tiers']);
    assert.deepEqual(fieldsOf({ perCall: 1, estimate: { seconds: -1 } }), ['estimate.seconds']);
    assert.deepEqual(fieldsOf({ perCall: 1, estimate: { units: { t: 'x' } } }), ['estimate.units.t']);
  });

  it('is written without needless zeros, and read to the same amount', () => {
    for (const [amount, text] of [
      [0n, '0'],
      [1n, '0.000001'],
      [500_000n, '0.5'],
      [12_000_000n, '12'],
    ] as const) {
      assert.equal(textOfMillionths(amount), text);
      assert.equal(millionthsOf(text, 1_000_000_000n), amount);
    }
    assert.equal(millionthsOf('2', 1_000_000n), null);
  });
});

describe('the price in force', () => {
  const dated = (skillId: string | null, effectiveFromMs: number, perCall: number) => ({
    skillId,
    effectiveFromMs,
    price: { perCall },
  });
  const listed: ListedPrices = {
    cardVersion: 3,
    priceMicrocredits: 7n,
    skills: new Map([
      ['plain', { priceMicrocredits: 8n }],
      ['parts', { priceMicrocredits: 9n }],
      ['bare', { priceMicrocredits: null }],
    ]),
    prices: {
      agent: { perCall: 1 },
      skills: new Map([['parts', { perCall: 2 }]]),
      overrides: [],
      unknownMicrocredits: unknown,
    },
  };
  const at = (prices: ListedPrices, skill: string | null, nowMs = 1_000) =>
    priceInForce(prices, skill, nowMs).price.perCall;

  it('is that of the skill, then that of the agent, then the plain one of the registration', () => {
    assert.equal(at(listed, 'parts'), 2_000_000n);
    assert.equal(at(listed, 'plain'), 8n);
    assert.equal(at(listed, 'bare'), 1_000_000n);
    assert.equal(at(listed, null), 1_000_000n);
    const { prices: _none, ...plain } = listed;
    assert.equal(at(plain, 'bare'), 7n);
    assert.deepEqual(priceInForce(plain, null, 0).source, { kind: 'registration' });
    assert.deepEqual(priceInForce(listed, 'parts', 0).source, { kind: 'card', cardVersion: 3 });
  });

  it('is the newest override at each moment, the one of the skill before the one of the agent', () => {
    assert.ok(listed.prices !== undefined);
    const overrides = [dated('parts', 3_000, 30), dated(null, 2_000, 20), dated(null, 1_000, 10)];
    const overridden = { ...listed, prices: { ...listed.prices, overrides } };
    assert.deepEqual(
      [999, 1_000, 1_999, 2_000, 2_999, 3_000].map((nowMs) => at(overridden, 'parts', nowMs) / 1_000_000n),
      [2n, 10n, 10n, 20n, 20n, 30n],
    );
    assert.equal(at(overridden, 'plain', 3_000), 20_000_000n);
    assert.deepEqual(priceInForce(overridden, 'parts', 3_000).source, {
      kind: 'override',
      skillId: 'parts',
      effectiveFromMs: 3_000,
    });
  });

  it('is not free when this version cannot read what a later one stored', () => {
    assert.ok(listed.prices !== undefined);
    const later = { ...listed, prices: { ...listed.prices, agent: { perMoon: 1 } } };
    const price = priceTask(priceInForce(later, null, 0), { parts: [{ text: 'go' }] }, unknown);
    assert.equal(reservedOf(price), unknown);
    assert.equal(reservedOf(decodeTaskPrice(encodeTaskPrice(price)) ?? assert.fail()), unknown);
  });

  it('is a plain one without parts', () => {
    assert.equal(
      reservedOf(priceTask({ price: plainPrice(5n), source: { kind: 'registration' } }, { parts: [] }, unknown)),
      5n,
    );
  });
});

describe('a usage report', () => {
  it('counts as none when any part of it cannot be read', () => {
    assert.equal(usageReportIn({}), null);
    assert.equal(usageReportIn(undefined), null);
    const units = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`u${at}`, 1]));
    for (const stated of [
      5,
      null,
      [],
      { items: '5' },
      { items: -1 },
      { items: 1e10 },
      { units: [] },
      { units },
      { unit: 1 },
      { units: { 'no name': 1 } },
      { units: { ['u'.repeat(65)]: 1 } },
      { items: 1, units: { t: null } },
    ]) {
      assert.equal(usageReportIn({ [usageUri]: stated }), 'malformed', JSON.stringify(stated));
    }
    assert.deepEqual(usageReportIn({ [usageUri]: { items: 1.5, units: { tokens: 2 } } }), {
      items: 1_500_000n,
      units: new Map([['tokens', 2_000_000n]]),
    });
  });
});
