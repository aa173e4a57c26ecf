/** Guarantee: a path counts the items of the inputs alone, in bounded time, and says so when it cannot. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { limits } from '../../kernel/limits.ts';
import { countItems, parseItemPath } from './item-path.ts';

const million = 1_000_000n;

function count(text: string, inputs: unknown) {
  const path = parseItemPath(text);
  assert.ok(path !== null, text);
  const counted = countItems(path, inputs);
  return typeof counted === 'bigint' ? Number(counted) / 1e6 : counted;
}

describe('a path to the items of a call', () => {
  const inputs = {
    leadIds: ['a', 'b', 'c'],
    one: [7],
    groups: [{ ids: [1, 2] }, { ids: [3] }, { other: [4] }],
    count: 2.5,
    none: null,
    text: '120',
    'odd key': [1, 2],
  };

  it('counts the nodes of a wildcard, whatever they are', () => {
    assert.equal(count('$.leadIds[*]', inputs), 3);
    assert.equal(count('$.leadIds.*', inputs), 3);
    assert.equal(count('$.one[*]', inputs), 1);
    assert.equal(count('$.groups[*].ids[*]', inputs), 3);
    assert.equal(count('$.missing[*]', inputs), 0);
    assert.equal(count('$[*]', [1, 2]), 2);
  });

  it('counts the elements of one list, and takes one number as it is', () => {
    assert.equal(count('$.leadIds', inputs), 3);
    assert.equal(count(`$['odd key']`, inputs), 2);
    assert.equal(count('$["leadIds"]', inputs), 3);
    assert.equal(count('$.groups[0].ids', inputs), 2);
    assert.equal(count('$.groups[-2].ids', inputs), 1);
    assert.equal(count('$.count', inputs), 2.5);
    assert.equal(count('$.none', inputs), 0);
    assert.equal(count('$.missing.deeper', inputs), 0);
    assert.equal(count('$.leadIds[9]', inputs), 0);
  });

  it('does not take a text, an object, a negative or an enormous number for a count', () => {
    assert.equal(count('$.text', inputs), 'not-a-number');
    assert.equal(count('$', inputs), 'not-a-number');
    assert.equal(count('$.n', { n: -1 }), 'negative');
    assert.equal(count('$.n', { n: limits.priceQuantityMax + 1 }), 'too-large');
    assert.equal(count('$.n', { n: Number.POSITIVE_INFINITY }), 'not-a-number');
  });

  it('sees nothing but the inputs: no prototype, no length', () => {
    for (const text of ['$.constructor', '$.__proto__', '$.toString', '$.leadIds.length', '$.text.length']) {
      assert.equal(count(text, inputs), 0, text);
    }
  });

  it('CREDIT-42 never fails, and reads a bounded number of values of the inputs alone, whatever path and inputs are', () => {
    const segment = fc.oneof(
      fc.constantFrom('[*]', '.*', '.a', '.__proto__', '.constructor', "['a b']", '[0]', '[-1]'),
      fc.string({ maxLength: 12 }),
    );
    const text = fc.array(segment, { maxLength: 20 }).map((segments) => `$${segments.join('')}`);
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ maxLength: 300 })), fc.jsonValue(), (stated, inputs) => {
        const path = parseItemPath(stated);
        if (path === null) return;
        const counted = countItems(path, inputs);
        assert.ok(
          typeof counted === 'string' || (counted >= 0n && counted <= BigInt(limits.priceQuantityMax) * million),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('CREDIT-42 stops early in inputs that a path of sixteen wildcards multiplies', () => {
    let reads = 0;
    const elements: unknown[] = [];
    const many = new Proxy(elements, {
      get(target, member, receiver): unknown {
        if (typeof member === 'string' && /^\d+$/.test(member)) reads += 1;
        return Reflect.get(target, member, receiver);
      },
    });
    // Each element is the list itself, so every wildcard finds a thousand times as many.
    for (let at = 0; at < 1_000; at += 1) elements.push(many);
    assert.equal(count(`$${'[*]'.repeat(16)}`, many), 'too-many-nodes');
    assert.ok(reads <= limits.pricePathNodesMax, `${reads} reads`);
  });

  it('stops at the bound of values that it reads', () => {
    const wide = Array.from({ length: 400 }, () => Array.from({ length: 400 }, () => 1));
    assert.equal(count('$[*][*]', wide), 'too-many-nodes');
    assert.equal(count('$[*]', wide), 400);
    assert.equal(countItems(parseItemPath('$[*]') ?? assert.fail(), wide), 400n * million);
  });

  it('is refused with filters, slices, descendants, escapes, spaces and beyond its bounds', () => {
    const wrong = [
      '',
      'leadIds',
      '$leadIds',
      '$..ids',
      '$[?(@.a)]',
      '$[0:2]',
      '$.a[',
      '$[01]',
      `$['a\\'b']`,
      '$ .a',
      '$.a,b',
    ];
    for (const text of [...wrong, `$${'.a'.repeat(17)}`, `$.${'a'.repeat(256)}`]) {
      assert.equal(parseItemPath(text), null, text);
    }
    assert.notEqual(parseItemPath(`$${'.a'.repeat(16)}`), null);
    assert.equal(count(`$['*all']`, { '*all': [1], other: 2 }), 1);
  });
});
