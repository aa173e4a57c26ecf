/** Guarantee: a client that was built against the OpenAPI document of version 0.1 still works with this one. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { openApiDocument } from '../src/surfaces/admin/index.ts';
import { breaksBetween } from './openapi-breaks.ts';
import type { OpenApi, Schema } from './openapi-breaks.ts';

/** docs/reference/openapi.json as of version 0.1; it is never written anew. */
const former = new URL('fixtures/openapi-0.1.golden.json', import.meta.url);

const closed = { type: 'object', additionalProperties: false };
const word = { type: 'string', maxLength: 10 };
const size = { type: 'integer', minimum: 1, maximum: 5 };
const kind = { enum: ['a', 'b'] };
const body = {
  ...closed,
  properties: { word, size, kind, list: { type: 'array', items: word, maxItems: 3 }, more: { type: 'object' } },
  required: ['word'],
};
const answer = {
  ...closed,
  properties: { id: { type: 'string', format: 'uri' }, kind, left: { type: 'integer' } },
  required: ['id'],
};

interface Shape {
  readonly body?: Schema | null;
  readonly answer?: Schema;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly operationId?: string;
  readonly method?: string;
  readonly status?: string;
  readonly scopes?: readonly string[];
}

/** One operation; what is left out is as at all others. */
function documentOf(shape: Shape): OpenApi {
  const query = { name: 'size', in: 'query', required: false, schema: size };
  const { parameters = [query], operationId = 'make', method = 'post', status = '200', scopes = ['x'] } = shape;
  const json = (schema: Schema) => ({ 'application/json': { schema } });
  const operation = {
    operationId,
    parameters,
    security: [{ oauth2: scopes }],
    ...(shape.body === null
      ? {}
      : { requestBody: { required: true, content: json(shape.body ?? { $ref: '#/components/schemas/Body' }) } }),
    responses: { [status]: { content: json(shape.answer ?? answer) } },
  };
  return { paths: { '/things': { [method]: operation } }, components: { schemas: { Body: body } } };
}

const withMember = (name: string, schema: Schema): Schema => ({
  ...body,
  properties: { ...body.properties, [name]: schema },
});
const answerWith = (name: string, schema: Schema): Schema => ({
  ...answer,
  properties: { ...answer.properties, [name]: schema },
});
const { word: _word, ...withoutWord } = body.properties;

const breaking: readonly (readonly [what: string, later: Shape, found: RegExp])[] = [
  ['an operation is gone', { method: 'put' }, /operation is gone/],
  ['an operation has another name', { operationId: 'create' }, /operationId/],
  ['an operation needs another scope', { scopes: ['y'] }, /scopes/],
  ['a parameter is gone', { parameters: [] }, /query parameter size: it is gone/],
  [
    'a parameter is required',
    { parameters: [{ name: 'size', in: 'query', required: true, schema: size }] },
    /required/,
  ],
  [
    'a parameter is narrower',
    { parameters: [{ name: 'size', in: 'query', schema: { ...size, maximum: 4 } }] },
    /maximum/,
  ],
  ['the body is gone', { body: null }, /body: it is gone/],
  ['a member is required', { body: { ...body, required: ['word', 'size'] } }, /body.size: it is required/],
  ['a member is gone', { body: { ...body, properties: withoutWord, required: [] } }, /body.word: it is gone/],
  [
    'a member has another type',
    { body: withMember('word', { type: 'integer' }) },
    /body.word: string is not "integer"/,
  ],
  ['a member is shorter', { body: withMember('word', { ...word, maxLength: 9 }) }, /body.word: maxLength/],
  ['a member is longer', { body: withMember('word', { ...word, minLength: 1 }) }, /body.word: minLength/],
  ['a member has a pattern', { body: withMember('word', { ...word, pattern: '^a' }) }, /body.word: pattern/],
  ['a name of an enumeration is gone', { body: withMember('kind', { enum: ['a'] }) }, /body.kind: "b"/],
  [
    'a list is shorter',
    { body: withMember('list', { type: 'array', items: word, maxItems: 2 }) },
    /body.list: maxItems/,
  ],
  ['an item is narrower', { body: withMember('list', { type: 'array', items: size, maxItems: 3 }) }, /body.list\[\]/],
  ['a free object is closed', { body: withMember('more', closed) }, /body.more/],
  ['an answer has another status', { status: '201' }, /200: the status is gone/],
  ['a member of an answer is optional', { answer: { ...answer, required: [] } }, /200.id: it is not always there/],
  ['a member of an answer has another type', { answer: answerWith('left', { type: 'number' }) }, /200.left/],
  ['a member of an answer has another format', { answer: answerWith('id', { type: 'string' }) }, /200.id: format/],
  ['a name of an answer is any text', { answer: answerWith('kind', { type: 'string' }) }, /200.kind/],
];

const harmless: readonly (readonly [what: string, later: Shape])[] = [
  ['nothing', {}],
  ['a schema that is written out', { body }],
  [
    'an optional parameter',
    {
      parameters: [
        { name: 'size', in: 'query', schema: size },
        { name: 'new', in: 'query', schema: word },
      ],
    },
  ],
  ['an optional member', { body: withMember('new', word) }],
  ['a wider member', { body: withMember('word', { type: 'string', maxLength: 11 }) }],
  ['a further name of an enumeration', { body: withMember('kind', { enum: ['a', 'b', 'c'] }) }],
  ['any text instead of an enumeration', { body: withMember('kind', { type: 'string', maxLength: 1 }) }],
  ['constants instead of an enumeration', { body: withMember('kind', { anyOf: [{ const: 'b' }, { const: 'a' }] }) }],
  ['a further member of an answer', { answer: answerWith('new', word) }],
  ['a further name in an answer', { answer: answerWith('kind', { enum: ['a', 'b', 'c'] }) }],
];

describe('the OpenAPI document beside that of version 0.1', () => {
  it('lets every client of before work', async () => {
    const was = JSON.parse(await readFile(former, 'utf8')) as OpenApi;
    const is = JSON.parse(JSON.stringify(openApiDocument())) as OpenApi;
    assert.deepEqual(breaksBetween(was, is), []);
    assert.ok(Object.keys(was.paths).length > 60);
  });

  for (const [what, later, found] of breaking) {
    it(`would be refused when ${what}`, () => {
      const breaks = breaksBetween(documentOf({}), documentOf(later));
      assert.ok(
        breaks.some((one) => found.test(one)),
        breaks.join('\n'),
      );
      assert.ok(breaks.every((one) => one.startsWith('POST /things')));
    });
  }

  for (const [what, later] of harmless) {
    it(`would be taken with ${what}`, () => {
      assert.deepEqual(breaksBetween(documentOf({}), documentOf(later)), []);
    });
  }

  it('is not judged by words that the comparison does not know', () => {
    const unknown = documentOf({ body: withMember('word', { ...word, not: {} }) });
    assert.throws(() => breaksBetween(unknown, unknown), /does not know not/);
  });
});
