/** Guarantee: what readJson accepts means the same to every later reader, and what it refuses changes nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { jsonDepthCeiling, jsonValuesCeiling, readJson } from './read-json.ts';
import type { JsonRefusalReason } from './read-json.ts';

const bounds = { depthMax: 32 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const refused: [name: string, input: Uint8Array | string, reason: JsonRefusalReason][] = [
  ['nothing', '', 'syntax'],
  ['white space only', '  ', 'syntax'],
  ['two documents', '{}{}', 'syntax'],
  ['a trailing comma', '{"a":1,}', 'syntax'],
  ['a comment', '{"a":1/*b*/}', 'syntax'],
  ['NaN', '{"a":NaN}', 'syntax'],
  ['single quotes', "{'a':1}", 'syntax'],
  ['an open string', '{"a":"b', 'syntax'],
  ['an open object', '{"a":1', 'syntax'],
  ['a raw control character', '{"a":"\u0001"}', 'syntax'],
  ['a raw NUL', '{"a":"\0"}', 'syntax'],
  ['a bad escape', String.raw`{"a":"\x41"}`, 'syntax'],
  ['a half escape', String.raw`{"a":"\u12"}`, 'syntax'],
  ['overlong UTF-8', new Uint8Array([0x22, 0xc0, 0x80, 0x22]), 'encoding'],
  ['truncated UTF-8', new Uint8Array([0x22, 0xe2, 0x82, 0x22]), 'encoding'],
  ['a UTF-8 surrogate', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), 'encoding'],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), 'encoding'],
  ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), 'byte-order-mark'],
  ['a byte order mark in a string', '\uFEFF{}', 'byte-order-mark'],
  ['a repeated key', '{"a":1,"a":2}', 'duplicate-key'],
  ['a repeated key with equal values', '{"a":1,"a":1}', 'duplicate-key'],
  ['a repeated nested key', '[{"b":{"a":1, "c":[], "a" :2}}]', 'duplicate-key'],
  ['a key repeated by escape', String.raw`{"a":1,"\u0061":2}`, 'duplicate-key'],
  ['a repeated empty key', '{"":1,"":2}', 'duplicate-key'],
  ['a repeated __proto__', '{"__proto__":1,"__proto__":2}', 'duplicate-key'],
  ['a repeated integer key', '{"1":1,"0":0,"1":2}', 'duplicate-key'],
  ['an escaped NUL in a value', String.raw`{"a":"x\u0000"}`, 'nul'],
  ['an escaped NUL in a key', String.raw`{"a\u0000":1}`, 'nul'],
  ['a NUL after escaped backslashes', String.raw`{"a":"\\\\\u0000"}`, 'nul'],
  ['a lone high surrogate', String.raw`["\ud800"]`, 'lone-surrogate'],
  ['a lone high surrogate before text', String.raw`["\uD83Dx"]`, 'lone-surrogate'],
  ['two high surrogates', String.raw`["\ud83d\ud83d\ude00"]`, 'lone-surrogate'],
  ['a lone low surrogate', String.raw`["\uDE00"]`, 'lone-surrogate'],
  ['two low surrogates', String.raw`["\ude00\ude00"]`, 'lone-surrogate'],
  ['swapped surrogates', String.raw`["\ude00\ud83d"]`, 'lone-surrogate'],
  ['a lone surrogate in a key', String.raw`{"\udbff":1}`, 'lone-surrogate'],
  ['a raw lone surrogate', '["\uD800"]', 'lone-surrogate'],
  ['an overflowing number', '{"a":[1e400]}', 'number-range'],
  ['a negative overflow', '-1e999', 'number-range'],
  ['depth over the bound', nested(33), 'depth'],
  ['objects over the bound', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, 'depth'],
  ['a million brackets', '['.repeat(1_000_000), 'depth'],
];

describe('readJson', () => {
  for (const [name, input, reason] of refused) {
    it(`refuses ${name}`, () => {
      const reading = readJson(input, bounds);
      assert.ok(reading.kind === 'refusal', 'accepted');
      assert.equal(reading.reason, reason);
      if (typeof input === 'string' && input.isWellFormed()) assert.deepEqual(readJson(bytes(input), bounds), reading);
    });
  }

  const accepted: [name: string, text: string][] = [
    ['a scalar', ' 17 '],
    ['brackets and colons inside strings', '{"[{:":"]}:[[[["}'],
    ['quotes and backslashes inside strings', String.raw`{"a\\":"\"b\\\"","c":"\\"}`],
    ['an escaped backslash before u0000', String.raw`{"a":"\\u0000 \\ud800"}`],
    ['an escaped pair', String.raw`["\ud83d\ude00\uD83D\uDE00"]`],
    ['other escapes', String.raw`["\u0001\u00e9\ud7ff\ue000\n\/"]`],
    ['equal keys in different objects', '{"a":{"a":[{"a":1},{"a":1}]}}'],
    ['depth at the bound', nested(32)],
    ['the empty key', '{"":{"":0}}'],
  ];
  for (const [name, text] of accepted) {
    it(`accepts ${name}`, () => {
      const expected: unknown = JSON.parse(text);
      assert.deepEqual(readJson(text, bounds), { kind: 'value', value: expected });
      assert.deepEqual(readJson(bytes(text), bounds), { kind: 'value', value: expected });
    });
  }

  it('names the repeated key', () => {
    const reading = readJson('{"ok":1,"twice":[{"twice":1}],"twice":2}', bounds);
    assert.ok(reading.kind === 'refusal');
    assert.equal(reading.message, 'an object repeats the key "twice"');
  });

  it('keeps __proto__ an ordinary key that pollutes nothing', () => {
    const reading = readJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}', bounds);
    assert.ok(reading.kind === 'value' && typeof reading.value === 'object' && reading.value !== null);
    assert.deepEqual(Object.keys(reading.value), ['__proto__', 'constructor']);
    assert.equal(Object.getPrototypeOf(reading.value), Object.prototype);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('has a depth ceiling that no option lifts', () => {
    const reading = readJson(nested(jsonDepthCeiling + 1), { depthMax: 1_000_000 });
    assert.ok(reading.kind === 'refusal' && reading.reason === 'depth');
    assert.equal(readJson(nested(jsonDepthCeiling), { depthMax: 1_000_000 }).kind, 'value');
  });

  it('takes as many values as it says and not one more, whatever they are', () => {
    for (const [value, marks] of [
      ['0', 1],
      ['{}', 2],
      ['[]', 2],
    ] as const) {
      const listOf = (count: number): string => `[${Array.from({ length: count }, () => value).join(',')}]`;
      const fitting = jsonValuesCeiling / marks;
      assert.equal(readJson(listOf(fitting), bounds).kind, 'value');
      const reading = readJson(listOf(fitting + 1), bounds);
      assert.ok(reading.kind === 'refusal' && reading.reason === 'size');
    }
    assert.equal(readJson(`"${','.repeat(jsonValuesCeiling + 1)}"`, bounds).kind, 'value');
  });

  it('accepts every well-formed value that JSON.stringify writes, unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), fc.constantFrom(0, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const reading = readJson(bytes(text), bounds);
        if (text.includes(String.raw`\u0000`) && reading.kind === 'refusal') {
          assert.equal(reading.reason, 'nul');
          return;
        }
        assert.ok(reading.kind === 'value');
        assert.equal(JSON.stringify(reading.value), JSON.stringify(value));
      }),
    );
  });

  it('never throws on arbitrary bytes or near-JSON, and accepts only what JSON.parse accepts', () => {
    const nearJson = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'u', '0', 'd800', 'a', '1', ' '),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          nearJson.map((tokens) => bytes(tokens.join(''))),
        ),
        (input) => {
          const reading = readJson(input, bounds);
          if (reading.kind === 'refusal') return;
          assert.deepEqual(JSON.parse(new TextDecoder().decode(input)), reading.value);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('finds the end of a string behind long runs of backslashes and quotes', () => {
    const hostile = `["${String.raw`\\\"`.repeat(100_000)}"]`;
    assert.deepEqual(readJson(hostile, bounds), { kind: 'value', value: JSON.parse(hostile) as unknown });
  });
});
