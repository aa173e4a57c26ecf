/** Guarantee: a tenant's schema is JSON Schema 2020-12 or refused with a reason, and no schema and no value holds the process up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';
import { createSchemaJudge } from './schema-judge.ts';

let nowMs = 0;
const judge = createSchemaJudge({ monotonicMs: () => nowMs });
/** Tells how much CPU time this thread has spent since, in milliseconds. */
function cpuClock(): () => number {
  const before = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
}
const nested = (depth: number): JsonObject => (depth === 0 ? {} : { properties: { a: nested(depth - 1) } });
const words = (count: number): JsonObject => ({ enum: Array.from({ length: count }, (_, at) => `word-${at}`) });

describe('a schema of a skill', () => {
  it('is taken when it is one of 2020-12, whatever it annotates', async () => {
    const taken: readonly JsonObject[] = [
      {},
      { type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } },
      { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://a.example/s', type: 'string' },
      { $defs: { line: { type: 'object', properties: { next: { $ref: '#/$defs/line' } } } }, $ref: '#/$defs/line' },
      { prefixItems: [{ type: 'string' }], unevaluatedItems: false, 'x-ours': true },
      { properties: { $ref: { type: 'string' }, $id: { type: 'string' } } },
    ];
    for (const schema of taken) assert.equal(await judge.problemOf(schema), null, JSON.stringify(schema));
  });

  it('is refused with a reason when it is none, reaches outside of itself or is too large', async () => {
    const refused: readonly [JsonObject, RegExp][] = [
      [{ type: 'text' }, /no JSON Schema/],
      [{ required: 'url' }, /no JSON Schema/],
      [{ pattern: '(' }, /no JSON Schema/],
      [{ $ref: '#/$defs/nowhere' }, /no JSON Schema/],
      [{ properties: { a: { $ref: 'https://evil.example/schema.json' } } }, /outside of itself/],
      [{ $dynamicRef: 'file:///etc/passwd' }, /outside of itself/],
      [{ properties: { a: { $id: 'https://a.example/b' } } }, /must not have \$id/],
      [{ $schema: 'http://json-schema.org/draft-07/schema#' }, /2020-12/],
      [nested(limits.schemaDepthMax), /nested more deeply/],
      [{ anyOf: Array.from({ length: limits.schemaPartsMax }, () => ({})) }, /parts/],
      [words(limits.schemaCharsMax / 10), /longer than/],
    ];
    for (const [schema, reason] of refused) {
      assert.match((await judge.problemOf(schema)) ?? 'taken', reason, JSON.stringify(schema).slice(0, 100));
    }
  });

  it('says where a value breaks it', () => {
    const schema = {
      type: 'object',
      required: ['lines'],
      properties: { lines: { type: 'array', items: { type: 'object', properties: { amount: { type: 'integer' } } } } },
      additionalProperties: false,
    };
    assert.deepEqual(judge.violationsOf(schema, { lines: [{ amount: 1 }] }), []);
    assert.deepEqual(judge.violationsOf(schema, { lines: [{ amount: 1 }, { amount: 'x' }] }), [
      { field: '/lines/1/amount', description: 'must be integer' },
    ]);
    assert.deepEqual(judge.violationsOf(schema, {}), [{ field: '/lines', description: 'is required' }]);
    assert.equal(judge.violationsOf(schema, { lines: [], more: 1 })[0]?.field, '/more');
  });

  it('that would judge for ever is stopped, and judges others as before', async () => {
    const twice = (at: number): JsonObject => ({ allOf: [{ $ref: `#/$defs/s${at}` }, { $ref: `#/$defs/s${at}` }] });
    const levels = Array.from({ length: 40 }, (_, at) => [`s${at}`, at === 0 ? { type: 'string' } : twice(at - 1)]);
    const multiplying: JsonObject = { $defs: Object.fromEntries(levels) as JsonObject, $ref: '#/$defs/s39' };
    const backtracking: JsonObject = { pattern: '^(a+)+$' };
    const endless: JsonObject = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
    for (const [schema, value] of [
      [multiplying, 'text'],
      [backtracking, `${'a'.repeat(40)}!`],
      [endless, 1],
    ] as const) {
      const problem = await judge.problemOf(schema);
      const spent = cpuClock();
      const violations = problem === null ? judge.violationsOf(schema, value) : [];
      assert.ok(problem !== null || violations.length === 1, JSON.stringify(schema).slice(0, 60));
      assert.ok(spent() < 20 * limits.schemaJudgeMs);
    }
    assert.deepEqual(judge.violationsOf({ type: 'string' }, 'text'), []);
    assert.equal(judge.violationsOf({ type: 'string' }, 1).length, 1);
  });

  it('that took too long costs nothing for a while, and many of them no more than a few', () => {
    const slow = (at: number): JsonObject => ({ title: `slow ${at}`, pattern: '^(a+)+$' });
    const value = `${'a'.repeat(40)}!`;
    const spent = cpuClock();
    for (let at = 0; at < 1_000; at += 1) assert.equal(judge.violationsOf(slow(at % 10), value).length, 1);
    assert.ok(spent() < 20 * limits.schemaJudgeMs);
    assert.equal(judge.violationsOf(slow(0), 'a').length, 1, 'not judged by now');
    assert.deepEqual(judge.violationsOf({ type: 'string' }, 'text'), [], 'others are');
    nowMs += limits.slowSchemaMs;
    assert.deepEqual(judge.violationsOf(slow(0), 'a'), []);
  });

  it('that is none takes no value, and can be mended', async () => {
    assert.equal(judge.violationsOf({ type: 'text' }, 'text').length, 1);
    assert.match((await judge.problemOf({ type: 'text' })) ?? 'taken', /no JSON Schema/);
  });
});
