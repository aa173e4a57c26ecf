/**
 * Guarantee: what an agent of A2A 0.1 says arrives in the model as it meant it, and nothing it sends makes the reader throw; what it
 * is asked is what its schema wants.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { defaultDecodeLimits } from '../codec/index.ts';
import type { ClientOutcome } from '../codec/index.ts';
import type { StreamResponse, Task } from '../model/index.ts';
import { decodeAnswer, decodeStreamData, encodeCall } from './index.ts';

const read = {
  id: 'call-1',
  depthMax: 64,
  limits: defaultDecodeLimits,
  messageIdOf: (said: string) => `id of ${said.length}`,
};
const answer = (result: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 'call-1', result });
const status = { state: 'working' };

function taskOf(result: unknown): Task {
  const outcome = decodeAnswer('GetTask', answer(result), read);
  assert.ok(outcome.kind === 'value', JSON.stringify(outcome));
  return outcome.value;
}

function eventOf(result: unknown): StreamResponse {
  const outcome = decodeStreamData(answer(result), read);
  assert.ok(outcome.kind === 'value', JSON.stringify(outcome));
  return outcome.value;
}

function fieldsOf(outcome: ClientOutcome<unknown>): readonly string[] {
  assert.ok(outcome.kind === 'invalid', outcome.kind);
  return outcome.violations.map(({ field }) => field);
}

describe('a call in A2A 0.1', () => {
  const message = {
    messageId: 'm',
    contextId: 'c',
    role: 'ROLE_USER',
    parts: [
      { text: 'hällo', metadata: { k: 1 } },
      { raw: 'AAEC', filename: 'a.bin', mediaType: 'application/x' },
      { url: 'https://files.example/b' },
      { data: { n: 1 } },
      { data: [1, null] },
    ],
  } as const;

  it('begins a task under the id of the call, with parts by their type', () => {
    const call: unknown = JSON.parse(encodeCall('tsk_1', { operation: 'SendMessage', request: { message } }));
    assert.deepEqual(call, {
      jsonrpc: '2.0',
      id: 'tsk_1',
      method: 'tasks/send',
      params: {
        id: 'tsk_1',
        sessionId: 'c',
        message: {
          role: 'user',
          parts: [
            { type: 'text', text: 'hällo', metadata: { k: 1 } },
            { type: 'file', file: { name: 'a.bin', mimeType: 'application/x', bytes: 'AAEC' } },
            { type: 'file', file: { uri: 'https://files.example/b' } },
            { type: 'data', data: { n: 1 } },
            { type: 'data', data: { value: [1, null] }, metadata: { data_part_compat: true } },
          ],
        },
      },
    });
  });

  it('goes on with the agent’s own task, and names each method', () => {
    const later = { message: { ...message, taskId: 'theirs' } };
    const methods = [
      encodeCall('x', { operation: 'SendStreamingMessage', request: later }),
      encodeCall('x', { operation: 'GetTask', request: { id: 'theirs', historyLength: 3 } }),
      encodeCall('x', { operation: 'CancelTask', request: { id: 'theirs' } }),
      encodeCall('x', { operation: 'SubscribeToTask', request: { id: 'theirs' } }),
    ].map((text) => JSON.parse(text) as { method: string; params: { id: string } });
    assert.deepEqual(
      methods.map(({ method, params }) => [method, params.id]),
      ['tasks/sendSubscribe', 'tasks/get', 'tasks/cancel', 'tasks/resubscribe'].map((method) => [method, 'theirs']),
    );
  });
});

describe('an answer in A2A 0.1', () => {
  it('keeps everything the agent says', () => {
    const told = taskOf({
      id: 't',
      sessionId: 's',
      status: { state: 'input-required', message: { role: 'agent', parts: [{ type: 'text', text: 'Which?' }] } },
      artifacts: [
        { name: 'a', description: 'b', index: 0, parts: [{ type: 'text', text: 'x' }], metadata: { m: 1 } },
        { index: 3, parts: [{ type: 'file', file: { name: 'f', mimeType: 'image/png', bytes: 'AAE=' } }] },
      ],
      history: [{ role: 'user', parts: [{ type: 'data', data: { a: 1 } }] }],
      metadata: { k: 'v' },
    });
    assert.equal(told.contextId, 's');
    assert.deepEqual(
      [told.status.state, told.status.message?.parts],
      ['TASK_STATE_INPUT_REQUIRED', [{ text: 'Which?' }]],
    );
    assert.deepEqual(told.artifacts, [
      { artifactId: 'artifact-0', name: 'a', description: 'b', parts: [{ text: 'x' }], metadata: { m: 1 } },
      { artifactId: 'artifact-3', parts: [{ raw: 'AAE=', filename: 'f', mediaType: 'image/png' }] },
    ]);
    assert.deepEqual(
      told.history?.map(({ role, parts }) => [role, parts]),
      [['ROLE_USER', [{ data: { a: 1 } }]]],
    );
    assert.deepEqual(told.metadata, { k: 'v' });
  });

  it('may have nulls, times without a zone, parts without a type and artifacts without a count', () => {
    const told = taskOf({
      id: 't',
      sessionId: null,
      status: { state: 'completed', message: null, timestamp: '2025-04-10T12:00:00.123456' },
      artifacts: [{ name: null, parts: [{ text: 'x' }] }, { parts: [{ file: { uri: 'https://f.example/' } }] }],
      history: null,
    });
    assert.equal(told.status.timestamp, '2025-04-10T12:00:00.123Z');
    assert.deepEqual(told.artifacts, [
      { artifactId: 'artifact-0', parts: [{ text: 'x' }] },
      { artifactId: 'artifact-1', parts: [{ url: 'https://f.example/' }] },
    ]);
  });

  it('gives equal words of one moment one id, and of another moment another', () => {
    const ids = ['2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z', '2025-01-01T00:00:00.5Z'].map((timestamp) => {
      const message = { role: 'agent', parts: [{ type: 'text', text: 'Which?' }] };
      const result = { id: 't', status: { state: 'input-required', message, timestamp } };
      const outcome = decodeAnswer('GetTask', answer(result), { ...read, messageIdOf: (said) => said });
      assert.ok(outcome.kind === 'value');
      return outcome.value.status.message?.messageId;
    });
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
  });

  it('streams statuses, artifacts and, from some agents, whole tasks', () => {
    assert.deepEqual(eventOf({ id: 't', status, final: false, metadata: { k: 1 } }), {
      statusUpdate: { taskId: 't', contextId: '', status: { state: 'TASK_STATE_WORKING' }, metadata: { k: 1 } },
    });
    const piece = { parts: [{ type: 'text', text: 'x' }], index: 2, append: true, lastChunk: true };
    assert.deepEqual(eventOf({ id: 't', artifact: piece }), {
      artifactUpdate: {
        taskId: 't',
        contextId: '',
        artifact: { artifactId: 'artifact-2', parts: [{ text: 'x' }] },
        append: true,
        lastChunk: true,
      },
    });
    assert.equal(eventOf({ id: 't', sessionId: 's', status }).task?.contextId, 's');
  });

  const broken: Readonly<Record<string, readonly [result: unknown, field: string]>> = {
    'a task without an id': [{ status }, 'id'],
    'a task without a status': [{ id: 't' }, 'status'],
    'a state that says nothing': [{ id: 't', status: { state: 'unknown' } }, 'status.state'],
    'a state of a later version': [{ id: 't', status: { state: 'TASK_STATE_WORKING' } }, 'status.state'],
    'a time that is none': [{ id: 't', status: { state: 'working', timestamp: 'noon' } }, 'status.timestamp'],
    'a part of no kind': [
      { id: 't', status, artifacts: [{ parts: [{ type: 'sound' }] }] },
      'artifacts[0].parts[0].type',
    ],
    'a part of two kinds': [
      { id: 't', status, artifacts: [{ parts: [{ text: 'x', data: {} }] }] },
      'artifacts[0].parts[0]',
    ],
    'a file without content': [
      { id: 't', status, artifacts: [{ parts: [{ type: 'file', file: {} }] }] },
      'artifacts[0].parts[0].file',
    ],
    'a negative count': [{ id: 't', status, artifacts: [{ index: -1, parts: [{ text: 'x' }] }] }, 'artifacts[0].index'],
    'a speaker of a third kind': [
      { id: 't', status: { state: 'working', message: { role: 'system', parts: [{ text: 'x' }] } } },
      'status.message.role',
    ],
  };
  for (const [name, [result, field]] of Object.entries(broken)) {
    it(`is refused where it breaks the protocol: ${name}`, () => {
      assert.deepEqual(fieldsOf(decodeAnswer('SendMessage', answer(result), read)), [field]);
    });
  }

  it('never makes the reader throw', () => {
    const keys = fc.constantFrom(
      'id',
      'status',
      'state',
      'artifact',
      'artifacts',
      'parts',
      'type',
      'text',
      'file',
      'data',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('t', 'text', 'file', 'data', 'working', null, 0, true),
        fc.array(tie('any'), { maxLength: 2 }),
        fc.dictionary(keys, tie('any'), { maxKeys: 5 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (result) => {
        assert.ok(['value', 'invalid'].includes(decodeAnswer('SendMessage', answer(result), read).kind));
        assert.ok(['value', 'invalid'].includes(decodeStreamData(answer(result), read).kind));
      }),
      { numRuns: 500 },
    );
  });
});
