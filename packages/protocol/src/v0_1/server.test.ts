/** Guarantee: callers of A2A 0.1 are understood or told what is wrong, and what they get fits their schema, under the ids they chose. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { defaultDecodeLimits } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type { OperationRequest } from '../model/index.ts';
import {
  decodeAnswer,
  decodeOperation,
  encodeCall,
  encodePushConfig,
  encodeSendAnswer,
  encodeTask,
  operationOfMethod,
  StreamEncoder,
} from './index.ts';

const message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };

function decode(method: string, params: unknown): OperationRequest {
  const operation = operationOfMethod(method);
  assert.ok(operation !== undefined, method);
  return decodeOperation(operation, params, defaultDecodeLimits);
}

function violated(method: string, params: unknown): readonly string[] {
  try {
    decode(method, params);
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return error.violations.map(({ field }) => field);
  }
  assert.fail('accepted');
}

describe('requests', () => {
  it('name the task, the session, and everything beside the message', () => {
    const pushNotification = {
      url: 'https://hook.example/',
      token: 't',
      authentication: { schemes: ['Bearer', 'Basic'], credentials: 'c' },
    };
    const params = {
      id: 'mine',
      sessionId: 's',
      message,
      pushNotification,
      historyLength: 2,
      acceptedOutputModes: ['text'],
      metadata: { k: 1 },
    };
    assert.deepEqual(decode('tasks/send', params), {
      operation: 'SendMessage',
      request: {
        message: { messageId: '', role: 'ROLE_USER', parts: [{ text: 'hi' }], contextId: 's', taskId: 'mine' },
        configuration: {
          acceptedOutputModes: ['text'],
          taskPushNotificationConfig: {
            id: 'mine',
            url: 'https://hook.example/',
            token: 't',
            authentication: { scheme: 'Bearer', credentials: 'c' },
          },
          historyLength: 2,
        },
        metadata: { k: 1 },
      },
    });
    assert.deepEqual(decode('tasks/sendSubscribe', { id: 'mine', message }), {
      operation: 'SendStreamingMessage',
      request: { message: { messageId: '', role: 'ROLE_USER', parts: [{ text: 'hi' }], taskId: 'mine' } },
    });
  });

  it('ask for tasks and their push notifications', () => {
    assert.deepEqual(decode('tasks/get', { id: 'a', historyLength: 0 }).request, { id: 'a', historyLength: 0 });
    assert.deepEqual(decode('tasks/cancel', { id: 'a', metadata: {} }).request, { id: 'a', metadata: {} });
    assert.deepEqual(decode('tasks/resubscribe', { id: 'a', historyLength: 1 }).request, { id: 'a' });
    assert.deepEqual(decode('tasks/pushNotification/get', { id: 'a' }).request, { taskId: 'a', id: 'a' });
    const config = { id: 'a', pushNotificationConfig: { url: 'https://h.example/' } };
    const { request } = decode('tasks/pushNotification/set', config);
    assert.deepEqual(request, { id: 'a', taskId: 'a', url: 'https://h.example/' });
    assert.deepEqual(JSON.parse(encodePushConfig({ url: 'https://h.example/' }, 'a')), config);
  });

  const broken: Readonly<Record<string, readonly [method: string, params: unknown, field: string]>> = {
    'no params': ['tasks/send', {}, 'id,message'],
    'params of another shape': ['tasks/send', ['x'], ''],
    'no id': ['tasks/send', { message }, 'id'],
    'an empty id': ['tasks/get', { id: '' }, 'id'],
    'an id that is a number': ['tasks/cancel', { id: 7 }, 'id'],
    'an id that is too long': ['tasks/send', { id: 'x'.repeat(257), message }, 'id'],
    'no message': ['tasks/sendSubscribe', { id: 'a' }, 'message'],
    'no parts': ['tasks/send', { id: 'a', message: { role: 'user', parts: [] } }, 'message.parts'],
    'no text': [
      'tasks/send',
      { id: 'a', message: { role: 'user', parts: [{ type: 'text' }] } },
      'message.parts[0].text',
    ],
    'no role': ['tasks/send', { id: 'a', message: { parts: message.parts } }, 'message.role'],
    'another role': ['tasks/send', { id: 'a', message: { ...message, role: 'ROLE_USER' } }, 'message.role'],
    'data that is no object': [
      'tasks/send',
      { id: 'a', message: { role: 'user', parts: [{ type: 'data', data: [1] }] } },
      'message.parts[0].data,message.parts[0].data',
    ],
    'bytes that are none': [
      'tasks/send',
      { id: 'a', message: { role: 'user', parts: [{ type: 'file', file: { bytes: '§' } }] } },
      'message.parts[0].file.bytes',
    ],
    'a negative length': ['tasks/get', { id: 'a', historyLength: -1 }, 'historyLength'],
    'a push address without a scheme of its credentials': [
      'tasks/pushNotification/set',
      { id: 'a', pushNotificationConfig: { url: 'https://h.example/', authentication: { schemes: [] } } },
      'pushNotificationConfig.authentication.schemes',
    ],
    'no push address': [
      'tasks/pushNotification/set',
      { id: 'a', pushNotificationConfig: {} },
      'pushNotificationConfig.url',
    ],
  };
  for (const [name, [method, params, fields]] of Object.entries(broken)) {
    it(`are refused with the field: ${name}`, () => {
      assert.equal(violated(method, params).join(), fields);
    });
  }

  it('of other versions have no method here', () => {
    for (const method of ['message/send', 'SendMessage', 'tasks/list', 'tasks/pushNotificationConfig/set', '']) {
      assert.equal(operationOfMethod(method), undefined, method);
    }
  });
});

describe('answers', () => {
  it('wear the id that the caller chose, and states that the wire has', () => {
    const states = ['TASK_STATE_REJECTED', 'TASK_STATE_AUTH_REQUIRED', 'TASK_STATE_CANCELED'] as const;
    const told = states.map((state) => JSON.parse(encodeTask({ id: 'tsk_1', status: { state } }, 'mine')) as unknown);
    assert.deepEqual(
      told,
      ['failed', 'input-required', 'canceled'].map((state) => ({ id: 'mine', status: { state } })),
    );
  });

  it('tell a message without a task as a task that completed with it', () => {
    const reply = { messageId: 'm', contextId: 'c', role: 'ROLE_AGENT', parts: [{ text: 'yes' }] } as const;
    assert.deepEqual(JSON.parse(encodeSendAnswer({ message: reply }, 'mine')), {
      id: 'mine',
      sessionId: 'c',
      status: { state: 'completed', message: { role: 'agent', parts: [{ type: 'text', text: 'yes' }] } },
    });
  });

  it('count the artifacts of a stream, and tell a whole task as its artifacts and then its status', () => {
    const stream = new StreamEncoder('mine');
    const artifact = (artifactId: string): { artifactId: string; parts: [{ text: string }] } => ({
      artifactId,
      parts: [{ text: artifactId }],
    });
    const ids = { taskId: 'tsk_1', contextId: 'c' };
    const task = { id: 'tsk_1', status: { state: 'TASK_STATE_WORKING' }, artifacts: [artifact('b')] } as const;
    const told = [
      ...stream.encode({ task }),
      ...stream.encode({ artifactUpdate: { ...ids, artifact: artifact('a') } }),
      ...stream.encode({ artifactUpdate: { ...ids, artifact: artifact('b'), append: true, lastChunk: true } }),
      ...stream.encode({ statusUpdate: { ...ids, status: { state: 'TASK_STATE_COMPLETED' } } }),
    ].map((text) => JSON.parse(text) as unknown);
    const piece = (index: number, text: string): object => ({ parts: [{ type: 'text', text }], index });
    assert.deepEqual(told, [
      { id: 'mine', artifact: piece(0, 'b') },
      { id: 'mine', status: { state: 'working' }, final: false },
      { id: 'mine', artifact: piece(1, 'a') },
      { id: 'mine', artifact: { ...piece(0, 'b'), append: true, lastChunk: true } },
      { id: 'mine', status: { state: 'completed' }, final: true },
    ]);
  });

  it('come back through our own reader with everything that the wire can say', () => {
    const read = { id: 'r', depthMax: 64, limits: defaultDecodeLimits, messageIdOf: () => 'm' };
    fc.assert(
      fc.property(arbitraries.task, (task) => {
        const body = `{"jsonrpc":"2.0","id":"r","result":${encodeTask(task, 'mine')}}`;
        const outcome = decodeAnswer('GetTask', body, read);
        assert.ok(outcome.kind === 'value', JSON.stringify(outcome));
        const { artifacts = [], history = [], id } = outcome.value;
        assert.equal(id, 'mine');
        const contents = (parts: readonly { metadata?: unknown; filename?: string; mediaType?: string }[]): string =>
          JSON.stringify(
            parts.map(({ metadata: _metadata, filename: _name, mediaType: _type, ...content }) => content),
          );
        assert.deepEqual(
          artifacts.map(({ parts }) => contents(parts)),
          (task.artifacts ?? []).map(({ parts }) => contents(parts)),
        );
        assert.deepEqual(
          history.map(({ role, parts }) => [role, contents(parts)]),
          (task.history ?? []).map(({ role, parts }) => [role, contents(parts)]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('come back as the request that was said, when it is said to us', () => {
    fc.assert(
      fc.property(arbitraries.message, (said) => {
        const text = encodeCall('new', { operation: 'SendMessage', request: { message: { ...said, taskId: 'a' } } });
        const { params } = JSON.parse(text) as { params: unknown };
        const call = decode('tasks/send', params);
        assert.ok(call.operation === 'SendMessage');
        assert.equal(call.request.message.parts.length, said.parts.length);
        assert.equal(call.request.message.role, said.role);
      }),
      { numRuns: 100 },
    );
  });
});
