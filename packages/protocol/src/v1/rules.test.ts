/** Guarantee: each protocol rule is refused at its place with its reason, and every legal spelling is accepted. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../errors/index.ts';
import {
  decodeAgentCard,
  decodeGetTaskRequest,
  decodeListTasksRequest,
  decodeListTasksResponse,
  decodeMessage,
  decodeSendMessageRequest,
  decodeSendMessageResponse,
  decodeStreamResponse,
  decodeTask,
  defaultDecodeLimits,
} from './index.ts';
import type { DecodeLimits } from './index.ts';

const limits: DecodeLimits = {
  partsMax: 2,
  textBytesMax: 8,
  rawBytesMax: 3,
  idCharsMax: 5,
  stringCharsMax: 10,
  itemsMax: 2,
  artifactsMax: 2,
  historyMax: 2,
  structDepthMax: 2,
};

const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
const status = { state: 'TASK_STATE_WORKING' };
const task = { id: 't', status };
const artifact = { artifactId: 'a', parts: [{ text: 'x' }] };
const face = { url: 'u', protocolBinding: 'JSONRPC', protocolVersion: '1.0' };
const card = { name: 'n', version: '1', supportedInterfaces: [face], capabilities: {} };

const withPart = (part: unknown): unknown => ({ ...message, parts: [part] });
const withScheme = (scheme: unknown): unknown => ({ ...card, securitySchemes: { s: scheme } });

type Decode = (value: unknown, limits: DecodeLimits) => unknown;
type Row = readonly [name: string, decode: Decode, value: unknown, field: string, description: RegExp];

function violations(decode: Decode, value: unknown): readonly { field: string; description: string }[] {
  try {
    decode(value, limits);
  } catch (error) {
    if (error instanceof DecodeError) return error.violations;
    throw error;
  }
  return [];
}

const refused: readonly Row[] = [
  ['a message that is no object', decodeMessage, [], '', /object/],
  ['a message without id', decodeMessage, { ...message, messageId: undefined }, 'messageId', /required/],
  ['an empty message id', decodeMessage, { ...message, messageId: '' }, 'messageId', /required/],
  ['a null message id', decodeMessage, { ...message, messageId: null }, 'messageId', /required/],
  ['an overlong id', decodeMessage, { ...message, messageId: 'abcdef' }, 'messageId', /at most 5/],
  ['an overlong task id', decodeMessage, { ...message, taskId: 'abcdef' }, 'taskId', /at most 5/],
  [
    'an overlong reference',
    decodeMessage,
    { ...message, referenceTaskIds: ['a', 'abcdef'] },
    'referenceTaskIds[1]',
    /5/,
  ],
  ['a missing role', decodeMessage, { ...message, role: undefined }, 'role', /required/],
  ['an unspecified role', decodeMessage, { ...message, role: 'ROLE_UNSPECIFIED' }, 'role', /must not be/],
  ['an older role', decodeMessage, { ...message, role: 'user' }, 'role', /one of/],
  ['an unknown role number', decodeMessage, { ...message, role: 3 }, 'role', /one of/],
  ['a fractional role', decodeMessage, { ...message, role: 1.5 }, 'role', /one of/],
  ['missing parts', decodeMessage, { ...message, parts: undefined }, 'parts', /required/],
  ['no parts', decodeMessage, { ...message, parts: [] }, 'parts', /one element/],
  ['too many parts', decodeMessage, { ...message, parts: [1, 2, 3] }, 'parts', /at most 2/],
  ['parts that are no list', decodeMessage, { ...message, parts: {} }, 'parts', /array/],
  ['a part that is no object', decodeMessage, withPart('x'), 'parts[0]', /object/],
  ['a part without content', decodeMessage, withPart({ mediaType: 'a/b' }), 'parts[0]', /none is present/],
  ['a part of an older version', decodeMessage, withPart({ kind: 'text' }), 'parts[0]', /exactly one/],
  ['a part with two contents', decodeMessage, withPart({ text: '', url: 'u' }), 'parts[0]', /text, url are present/],
  ['a part with text and null data', decodeMessage, withPart({ text: '', data: null }), 'parts[0]', /text, data/],
  ['a part with null text', decodeMessage, withPart({ text: null }), 'parts[0]', /none/],
  ['a part with an empty URL', decodeMessage, withPart({ url: '' }), 'parts[0].url', /required/],
  ['text over its bytes', decodeMessage, withPart({ text: 'żółwiaa' }), 'parts[0].text', /at most 8 bytes/],
  ['four-byte text over its bytes', decodeMessage, withPart({ text: '😀😀a' }), 'parts[0].text', /at most 8 bytes/],
  ['bytes that are no base64', decodeMessage, withPart({ raw: 'a!==' }), 'parts[0].raw', /base64/],
  ['base64 with a rest of one', decodeMessage, withPart({ raw: 'abcde' }), 'parts[0].raw', /base64/],
  ['base64 padded too much', decodeMessage, withPart({ raw: 'abc==' }), 'parts[0].raw', /base64/],
  ['base64 with stray bits', decodeMessage, withPart({ raw: 'AB==' }), 'parts[0].raw', /stray/],
  ['raw over its bytes', decodeMessage, withPart({ raw: 'AAAAAA==' }), 'parts[0].raw', /at most 3 bytes/],
  ['data that nests too deep', decodeMessage, withPart({ data: [[[1]]] }), 'parts[0].data', /2 levels/],
  ['metadata that is a list', decodeMessage, { ...message, metadata: [] }, 'metadata', /object/],
  ['metadata that nests too deep', decodeMessage, { ...message, metadata: { a: { b: {} } } }, 'metadata', /2 levels/],
  ['too many extensions', decodeMessage, { ...message, extensions: ['a', 'b', 'c'] }, 'extensions', /at most 2/],
  ['an extension that is no string', decodeMessage, { ...message, extensions: ['a', 1] }, 'extensions[1]', /string/],
  ['a field in both spellings', decodeMessage, { ...message, message_id: 'm' }, 'messageId', /twice/],
  ['an overlong file name', decodeMessage, withPart({ text: '', filename: 'x'.repeat(11) }), 'parts[0].filename', /10/],

  ['a send without message', decodeSendMessageRequest, {}, 'message', /required/],
  ['a send whose message is a string', decodeSendMessageRequest, { message: 'hi' }, 'message', /object/],
  ['a bad part in a send', decodeSendMessageRequest, { message: withPart({}) }, 'message.parts[0]', /exactly one/],
  [
    'a negative history',
    decodeSendMessageRequest,
    { message, configuration: { historyLength: -1 } },
    'configuration.historyLength',
    /at least 0/,
  ],
  ['a fractional history', decodeGetTaskRequest, { id: 't', historyLength: 1.5 }, 'historyLength', /32-bit/],
  ['a history beyond int32', decodeGetTaskRequest, { id: 't', historyLength: 2 ** 31 }, 'historyLength', /32-bit/],
  ['a history in words', decodeGetTaskRequest, { id: 't', historyLength: 'ten' }, 'historyLength', /32-bit/],
  [
    'a flag in words',
    decodeSendMessageRequest,
    { message, configuration: { returnImmediately: 'true' } },
    'configuration.returnImmediately',
    /true or false/,
  ],
  [
    'a push config without URL',
    decodeSendMessageRequest,
    { message, configuration: { taskPushNotificationConfig: {} } },
    'configuration.taskPushNotificationConfig.url',
    /required/,
  ],
  ['an overlong routing tag', decodeSendMessageRequest, { message, tenant: 'abcdef' }, 'tenant', /at most 5/],
  ['a get without id', decodeGetTaskRequest, {}, 'id', /required/],
  ['params that are null', decodeGetTaskRequest, null, '', /object/],
  ['an empty page', decodeListTasksRequest, { pageSize: 0 }, 'pageSize', /at least 1/],
  ['a page over the maximum', decodeListTasksRequest, { pageSize: 101 }, 'pageSize', /at most 100/],
  ['an unknown state filter', decodeListTasksRequest, { status: 'working' }, 'status', /one of/],
  [
    'a time without offset',
    decodeListTasksRequest,
    { statusTimestampAfter: '2025-01-01T00:00:00' },
    'statusTimestampAfter',
    /RFC 3339|at most/,
  ],

  ['a task without status', decodeTask, { id: 't' }, 'status', /required/],
  ['a task in no state', decodeTask, { id: 't', status: { state: 0 } }, 'status.state', /must not be/],
  [
    'a task in an unknown state',
    decodeTask,
    { id: 't', status: { state: 'TASK_STATE_CANCELLED' } },
    'status.state',
    /one of/,
  ],
  ['too much history', decodeTask, { ...task, history: [message, message, message] }, 'history', /at most 2/],
  [
    'an artifact without id',
    decodeTask,
    { ...task, artifacts: [artifact, { ...artifact, artifactId: '' }] },
    'artifacts[1].artifactId',
    /required/,
  ],
  [
    'an artifact without parts',
    decodeTask,
    { ...task, artifacts: [{ ...artifact, parts: [] }] },
    'artifacts[0].parts',
    /one element/,
  ],
  ['a bare task as an answer', decodeSendMessageResponse, task, '', /exactly one of task, message/],
  ['a task and a message', decodeSendMessageResponse, { task, message }, '', /task, message are/],
  ['an answer with a status update', decodeSendMessageResponse, { statusUpdate: {} }, '', /none/],
  ['two events in one', decodeStreamResponse, { task, statusUpdate: {} }, '', /exactly one/],
  ['no event', decodeStreamResponse, {}, '', /none/],
  [
    'an update without task',
    decodeStreamResponse,
    { statusUpdate: { contextId: 'c', status } },
    'statusUpdate.taskId',
    /required/,
  ],
  [
    'an update without status',
    decodeStreamResponse,
    { statusUpdate: { taskId: 't' } },
    'statusUpdate.status',
    /required/,
  ],
  [
    'an update without artifact',
    decodeStreamResponse,
    { artifactUpdate: { taskId: 't' } },
    'artifactUpdate.artifact',
    /required/,
  ],
  ['too many tasks on a page', decodeListTasksResponse, { tasks: [task, task, task] }, 'tasks', /at most 2/],

  ['a card without name', decodeAgentCard, { ...card, name: '' }, 'name', /required/],
  ['a card without version', decodeAgentCard, { ...card, version: undefined }, 'version', /required/],
  ['a card without capabilities', decodeAgentCard, { ...card, capabilities: null }, 'capabilities', /required/],
  [
    'a card without interfaces',
    decodeAgentCard,
    { ...card, supportedInterfaces: [] },
    'supportedInterfaces',
    /one element/,
  ],
  [
    'a card of an older version',
    decodeAgentCard,
    { name: 'n', url: 'u', version: '1', capabilities: {}, skills: [] },
    'supportedInterfaces',
    /required/,
  ],
  [
    'an interface without version',
    decodeAgentCard,
    { ...card, supportedInterfaces: [{ ...face, protocolVersion: '' }] },
    'supportedInterfaces[0].protocolVersion',
    /required/,
  ],
  ['a skill without id', decodeAgentCard, { ...card, skills: [{ name: 'n' }] }, 'skills[0].id', /required/],
  ['a scheme of no kind', decodeAgentCard, withScheme({}), 'securitySchemes.s', /none/],
  [
    'a scheme of two kinds',
    decodeAgentCard,
    withScheme({ mtlsSecurityScheme: {}, httpAuthSecurityScheme: {} }),
    'securitySchemes.s',
    /exactly one/,
  ],
  [
    'an API key in the body',
    decodeAgentCard,
    withScheme({ apiKeySecurityScheme: { location: 'body', name: 'k' } }),
    'securitySchemes.s.apiKeySecurityScheme.location',
    /query, header, cookie/,
  ],
  [
    'OAuth without flow',
    decodeAgentCard,
    withScheme({ oauth2SecurityScheme: { flows: {} } }),
    'securitySchemes.s.oauth2SecurityScheme.flows',
    /exactly one/,
  ],
  [
    'too many schemes',
    decodeAgentCard,
    { ...card, securitySchemes: { a: {}, b: {}, c: {} } },
    'securitySchemes',
    /at most 2/,
  ],
];

describe('a broken rule', () => {
  for (const [name, decode, value, field, description] of refused) {
    it(`is refused: ${name}`, () => {
      const found = violations(decode, value);
      const match = found.find((violation) => violation.field === field);
      assert.ok(match !== undefined, JSON.stringify(found));
      assert.match(match.description, description);
    });
  }

  it('is reported together with all the others, once each', () => {
    const found = violations(decodeSendMessageRequest, { message: { role: 9, parts: [{}, 1] }, metadata: 1 });
    assert.deepEqual(
      found.map(({ field }) => field),
      ['message.messageId', 'message.role', 'message.parts[0]', 'message.parts[1]', 'metadata'],
    );
  });

  it('is reported at most 32 times', () => {
    const many = { ...message, parts: Array.from({ length: 500 }, () => ({})) };
    assert.throws(
      () => decodeMessage(many, defaultDecodeLimits),
      (error) => error instanceof DecodeError && error.violations.length === 32,
    );
  });

  it('is reported at a bounded path', () => {
    const found = violations((value) => decodeAgentCard(value, defaultDecodeLimits), withScheme({}));
    assert.equal(found.length, 1);
    const hostile = { ...card, securitySchemes: { ['😀'.repeat(2_000)]: {} } };
    const [first] = violations((value) => decodeAgentCard(value, defaultDecodeLimits), hostile);
    assert.ok(first !== undefined && first.field.length <= 256 && first.field.isWellFormed());
  });
});

type Reading = readonly [name: string, decode: Decode, value: unknown, expected: unknown];

const accepted: readonly Reading[] = [
  ['enum numbers', decodeMessage, { ...message, role: 2 }, { ...message, role: 'ROLE_AGENT' }],
  [
    'state numbers',
    decodeTask,
    { id: 't', status: { state: 8 } },
    { id: 't', status: { state: 'TASK_STATE_AUTH_REQUIRED' } },
  ],
  ['null data', decodeMessage, withPart({ data: null }), withPart({ data: null })],
  ['empty text', decodeMessage, withPart({ text: '' }), withPart({ text: '' })],
  ['a null beside the content', decodeMessage, withPart({ text: 'a', url: null, raw: null }), withPart({ text: 'a' })],
  ['URL-safe base64', decodeMessage, withPart({ raw: '-_-_' }), withPart({ raw: '+/+/' })],
  ['unpadded base64', decodeMessage, withPart({ raw: 'AQ' }), withPart({ raw: 'AQ==' })],
  ['empty base64', decodeMessage, withPart({ raw: '' }), withPart({ raw: '' })],
  ['text at its bytes', decodeMessage, withPart({ text: 'żółw1' }), withPart({ text: 'żółw1' })],
  ['four-byte text at its bytes', decodeMessage, withPart({ text: '😀😀' }), withPart({ text: '😀😀' })],
  ['raw at its bytes', decodeMessage, withPart({ raw: 'AAAA' }), withPart({ raw: 'AAAA' })],
  ['metadata at its depth', decodeMessage, { ...message, metadata: { a: {} } }, { ...message, metadata: { a: {} } }],
  ['empty strings and lists as absent', decodeMessage, { ...message, contextId: '', extensions: [] }, message],
  ['a tenant as routing tag', decodeGetTaskRequest, { id: 't', tenant: 'x' }, { routingTag: 'x', id: 't' }],
  ['an empty tenant as none', decodeGetTaskRequest, { id: 't', tenant: '' }, { id: 't' }],
  ['zero history as present', decodeGetTaskRequest, { id: 't', historyLength: 0 }, { id: 't', historyLength: 0 }],
  ['minus zero as zero', decodeGetTaskRequest, { id: 't', historyLength: -0 }, { id: 't', historyLength: 0 }],
  ['integers as strings', decodeGetTaskRequest, { id: 't', history_length: '7' }, { id: 't', historyLength: 7 }],
  ['an unspecified filter as none', decodeListTasksRequest, { status: 'TASK_STATE_UNSPECIFIED' }, {}],
  ['false as present where tracked', decodeListTasksRequest, { includeArtifacts: false }, { includeArtifacts: false }],
  [
    'false as absent where not',
    decodeSendMessageRequest,
    { message, configuration: { returnImmediately: false } },
    { message, configuration: {} },
  ],
  [
    'a missing event context',
    decodeStreamResponse,
    { statusUpdate: { taskId: 't', status } },
    { statusUpdate: { taskId: 't', contextId: '', status } },
  ],
  [
    'a page of a terse writer',
    decodeListTasksResponse,
    {},
    { tasks: [], nextPageToken: '', pageSize: 0, totalSize: 0 },
  ],
  [
    'a card of a terse writer',
    decodeAgentCard,
    card,
    {
      name: 'n',
      description: '',
      supportedInterfaces: [face],
      version: '1',
      capabilities: {},
      defaultInputModes: [],
      defaultOutputModes: [],
      skills: [],
    },
  ],
  [
    'an interface tenant',
    decodeAgentCard,
    { ...card, supportedInterfaces: [{ ...face, tenant: 'x' }] },
    {
      name: 'n',
      description: '',
      supportedInterfaces: [{ ...face, routingTag: 'x' }],
      version: '1',
      capabilities: {},
      defaultInputModes: [],
      defaultOutputModes: [],
      skills: [],
    },
  ],
];

describe('a legal spelling', () => {
  for (const [name, decode, value, expected] of accepted) {
    it(`is accepted: ${name}`, () => {
      assert.deepEqual(decode(value, limits), expected);
    });
  }
});

describe('times', () => {
  const read = (timestamp: unknown): unknown =>
    decodeTask({ id: 't', status: { state: 2, timestamp } }, defaultDecodeLimits).status.timestamp;

  const legal: readonly (readonly [string, string])[] = [
    ['2025-11-09T10:30:00Z', '2025-11-09T10:30:00.000Z'],
    ['2025-11-09T10:30:00.5Z', '2025-11-09T10:30:00.500Z'],
    ['2025-11-09T10:30:00.123456789Z', '2025-11-09T10:30:00.123Z'],
    ['2025-11-09T10:30:00+02:00', '2025-11-09T08:30:00.000Z'],
    ['2025-12-31T23:30:00-01:30', '2026-01-01T01:00:00.000Z'],
    ['2025-11-09T10:30:00+14:00', '2025-11-08T20:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0099-06-01t00:00:00z', '0099-06-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ];
  for (const [text, expected] of legal) {
    it(`reads ${text} in UTC`, () => {
      assert.equal(read(text), expected);
    });
  }

  const illegal = [
    '',
    '2025-11-09',
    '2025-11-09 10:30:00Z',
    '2025-11-09T10:30Z',
    '2025-11-09T10:30:00',
    '2025-11-09T24:00:00Z',
    '2025-11-09T10:60:00Z',
    '2025-11-09T23:59:60Z',
    '2025-02-29T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-00-01T00:00:00Z',
    '2025-01-00T00:00:00Z',
    '2025-11-09T10:30:00+24:00',
    '0000-12-31T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+12025-11-09T10:30:00Z',
    '2025-11-09T10:30:00.Z',
    '1762684200',
  ];
  for (const text of illegal) {
    it(`refuses "${text}"`, () => {
      assert.throws(() => read(text), DecodeError);
    });
  }

  it('refuses numbers', () => {
    assert.throws(() => read(1_762_684_200), DecodeError);
  });
});

describe('maps', () => {
  it('cannot reach a prototype', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"mtlsSecurityScheme":{"description":"x"}}}');
    const { securitySchemes = {} } = decodeAgentCard({ ...card, securitySchemes: hostile }, defaultDecodeLimits);
    assert.deepEqual(Object.keys(securitySchemes), ['__proto__']);
    assert.equal(Object.getPrototypeOf(securitySchemes), Object.prototype);
    assert.equal(Reflect.get({}, 'mtlsSecurityScheme'), undefined);
  });
});
