/** Guarantee: two readers of one JSON value sign and verify the same bytes (RFC 8785). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertProperty, jsonValue, property } from 'fast-check';
import type { JsonValue } from '../model/index.ts';
import { canonicalJson } from './index.ts';

const float64 = (hex: string): number => Buffer.from(hex, 'hex').readDoubleBE();

/** RFC 8785 appendix B: bits of a double, and its text. */
const numbers: readonly (readonly [string, string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

describe('canonical JSON', () => {
  it('writes numbers as RFC 8785 appendix B', () => {
    for (const [bits, text] of numbers) assert.equal(canonicalJson(float64(bits)), text, bits);
  });

  it('refuses what has no JSON form', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 'a\ud800', '\udc00b', { '\ud800': 1 }, [['\udfff']]]) {
      assert.throws(() => canonicalJson(value), TypeError, JSON.stringify(value));
    }
  });

  it('orders members by UTF-16 units, not by code points or locale', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    const names = ['\\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
    const marks = [2, 4, 6, 7, 1, 5, 3];
    assert.equal(canonicalJson(value), `{${names.map((name, at) => `"${name}":${String(marks[at])}`).join(',')}}`);
  });

  it('escapes what JSON must escape and nothing else, and never normalises', () => {
    const text = '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/\u007f\u2028e\u0301';
    assert.equal(canonicalJson(text), '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f\u2028e\u0301"');
  });

  it('leaves no space and keeps the order of lists', () => {
    assert.equal(canonicalJson({ b: [3, { d: null, c: true }, []], a: {} }), '{"a":{},"b":[3,{"c":true,"d":null},[]]}');
  });

  it('says the same for equal values, and its text is the value', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, item]) => [name, shuffled(item)]),
      );
    };
    assertProperty(
      property(jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
        const text = canonicalJson(plain);
        assert.deepEqual(JSON.parse(text), plain);
        assert.equal(canonicalJson(shuffled(plain) as JsonValue), text);
      }),
    );
  });
});
