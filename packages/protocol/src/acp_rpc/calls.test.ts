/** Guarantee: calls of ACP-RPC and their answers are read by the rules of its foundation, and as servers in the field break them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { assertDecodesOrRefuses } from '../../test/wire-damage.ts';
import { defaultDecodeLimits as limits } from '../codec/index.ts';
import { a2aDefinedErrors, DecodeError } from '../errors/index.ts';
import * as codec from './index.ts';
import type { AcpRpcMethod } from './index.ts';

const options = { limits, messageId: 'm', messageIdOf: (id: string, index: number) => `${id}#${index}` };
const decode = (method: AcpRpcMethod, params?: unknown): unknown => codec.decodeParams(method, params, options);
const refuses = (method: AcpRpcMethod, params: unknown, field: string): void =>
  assert.throws(
    () => decode(method, params),
    (error) => error instanceof DecodeError && error.violations[0]?.field === field,
    method,
  );
const call = { jsonrpc: '2.0', id: 'q1', method: 'tasks.get', params: { taskId: 't' } };
const hi = { role: 'user', parts: [{ type: 'TextPart', content: 'hi' }] };
const answer = (method: AcpRpcMethod, body: unknown, httpStatus = 200) =>
  codec.decodeAnswer(typeof body === 'string' ? body : JSON.stringify(body), {
    ...options,
    id: 'q1',
    method,
    httpStatus,
    depthMax: 64,
  });

describe('the envelope of ACP-RPC', () => {
  const single = (body: unknown) => {
    const decoded = codec.decodeBody(body);
    assert.equal(decoded.kind, 'single');
    return decoded.kind === 'single' ? decoded.item : undefined;
  };

  it('is a request with an id, and a notification without one or with null', () => {
    const { id, ...rest } = call;
    const expected = { kind: 'call', method: 'tasks.get', params: { taskId: 't' } };
    assert.deepEqual(single(call), { ...expected, id });
    assert.deepEqual(single({ ...call, id: 7 }), { ...expected, id: 7 });
    assert.deepEqual(single({ ...rest, id: null }), { ...expected, id: undefined });
    assert.deepEqual(single(rest), { ...expected, id: undefined });
  });

  it('is refused with the member that breaks it, and with its id where that can be read', () => {
    const refused = (body: unknown) => {
      const item = single(body);
      return item?.kind === 'refusal' ? [item.id, item.field] : undefined;
    };
    assert.deepEqual(refused({}), [null, 'jsonrpc']);
    assert.deepEqual(refused('x'), [null, '']);
    assert.deepEqual(refused({ ...call, jsonrpc: '1.0' }), ['q1', 'jsonrpc']);
    assert.deepEqual(refused({ ...call, id: 1.5 }), [null, 'id']);
    assert.deepEqual(refused({ ...call, method: 5 }), ['q1', 'method']);
    assert.deepEqual(refused({ ...call, params: ['t'] }), ['q1', 'params']);
    assert.deepEqual(refused({ ...call, more: 1 }), ['q1', '']);
  });

  it('comes in batches of 1 to 50, of which each is judged by itself', () => {
    const batch = codec.decodeBody([call, {}]);
    assert.deepEqual(batch.kind === 'batch' ? batch.items.map(({ kind }) => kind) : [], ['call', 'refusal']);
    assert.equal(codec.decodeBody(Array.from({ length: 50 }, () => call)).kind, 'batch');
    for (const length of [0, 51]) assert.equal(single(Array.from({ length }, () => call))?.kind, 'refusal');
  });
});

describe('params of ACP-RPC', () => {
  it('are read for every method', () => {
    const said = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
    const create = { initialMessage: hi, assignTo: 'quoting', priority: 'HIGH', metadata: { task_type: 'quote' } };
    assert.deepEqual(decode('tasks.create', create), { ...create, initialMessage: said });
    assert.deepEqual(decode('tasks.send', { taskId: 't', message: hi }), { taskId: 't', message: said });
    assert.deepEqual(decode('tasks.get', { taskId: 't', includeMessages: false, more: 1 }), {
      taskId: 't',
      includeMessages: false,
      includeArtifacts: true,
    });
    assert.deepEqual(decode('tasks.cancel', { taskId: 't' }), { taskId: 't' });
    const callbackUrl = 'https://x/hook';
    assert.deepEqual(decode('tasks.subscribe', { taskId: 't', callbackUrl }), {
      taskId: 't',
      callbackUrl,
      events: ['STATUS_CHANGE', 'COMPLETED', 'FAILED'],
    });
    assert.deepEqual(decode('stream.start'), { participants: [] });
    assert.deepEqual(decode('stream.message', { streamId: 's', message: hi }), { streamId: 's', message: said });
    assert.deepEqual(decode('stream.end', { streamId: 's', reason: 'done' }), { streamId: 's', reason: 'done' });
    const timestamp = '2026-11-21T09:02:11.480Z';
    const artifact = { artifactId: 'a1', name: 'Quote', parts: [{ type: 'DataPart', content: { total: 18_250 } }] };
    assert.deepEqual(decode('task.notification', { taskId: 't', event: 'NEW_ARTIFACT', timestamp, data: artifact }), {
      taskId: 't',
      event: 'NEW_ARTIFACT',
      timestamp,
      artifact: { artifactId: 'a1', name: 'Quote', parts: [{ data: { total: 18_250 } }] },
    });
    assert.deepEqual(decode('stream.chunk', { streamId: 's9', sequence: 2, isLast: true, chunk: hi }), {
      streamId: 's9',
      sequence: 2,
      isLast: true,
      chunk: said,
    });
  });

  it('are refused where a rule is broken', () => {
    refuses('tasks.create', {}, 'initialMessage');
    refuses('tasks.create', { initialMessage: { ...hi, parts: [] } }, 'initialMessage.parts');
    refuses('tasks.create', { initialMessage: hi, priority: 'high' }, 'priority');
    refuses('tasks.get', { taskId: 5 }, 'taskId');
    refuses('tasks.get', { taskId: 't', includeMessages: 'no' }, 'includeMessages');
    refuses('tasks.subscribe', { taskId: 't', callbackUrl: 'nope' }, 'callbackUrl');
    refuses('tasks.subscribe', { taskId: 't', callbackUrl: 'https://x', events: [] }, 'events');
    refuses('tasks.subscribe', { taskId: 't', callbackUrl: 'https://x', events: ['CANCELED'] }, 'events[0]');
    refuses('task.notification', { taskId: 't', event: 'FAILED' }, 'timestamp');
    refuses('stream.chunk', { streamId: 's', chunk: hi, sequence: 1.5 }, 'sequence');
  });

  it('may be left out of stream.start alone', () => {
    for (const method of codec.acpRpcMethods) if (method !== 'stream.start') refuses(method, undefined, '');
  });

  it('decode or are refused, whatever the JSON', () => {
    for (const method of codec.acpRpcMethods) {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => assertDecodesOrRefuses((given) => decode(method, given), value)),
        {
          numRuns: 40,
        },
      );
    }
  });

  it('come back as they were encoded', () => {
    const params = codec.decodeParams('stream.chunk', { streamId: 's', sequence: 1, chunk: hi }, options);
    const sent: unknown = JSON.parse(codec.encodeNotification('stream.chunk', params));
    const body = codec.decodeBody(sent);
    assert.ok(body.kind === 'single' && body.item.kind === 'call' && body.item.id === undefined);
    assert.deepEqual(decode('stream.chunk', body.item.params), params);
    const cancel: unknown = JSON.parse(codec.encodeCall('q1', 'tasks.cancel', { taskId: 't' }));
    const params2 = { taskId: 't', reason: 'canceled by the client' };
    assert.deepEqual(cancel, { jsonrpc: '2.0', id: 'q1', method: 'tasks.cancel', params: params2 });
  });

  it('are those of the requests of the model', () => {
    const create = codec.decodeParams(
      'tasks.create',
      { initialMessage: hi, priority: 'LOW', metadata: { k: 1 } },
      options,
    );
    const request = codec.sendRequestOfCreate(create);
    assert.deepEqual(request.metadata, { k: 1, 'acp.priority': 'LOW' });
    assert.deepEqual(codec.createParamsOf(request), create);
    const cancel = { taskId: 't', reason: 'late' };
    assert.deepEqual(codec.cancelParamsOf(codec.cancelRequestOf(cancel)), cancel);
    const get = { taskId: 't', includeMessages: false, includeArtifacts: true };
    assert.deepEqual(codec.getParamsOf(codec.getRequestOf(get)), get);
  });
});

describe('an answer of ACP-RPC', () => {
  const createdAt = '2026-11-21T09:00:00.000Z';
  const envelope = { jsonrpc: '2.0', id: 'q1' };

  it('is read with null members, and flat', () => {
    const wire = { taskId: 't', status: 'SUBMITTED', createdAt, updatedAt: null, messages: null };
    const whole = answer('tasks.create', {
      ...envelope,
      error: null,
      result: { type: 'task', task: wire, stream: null },
    });
    assert.ok(whole.kind === 'value' && whole.value.kind === 'task' && !whole.value.partial);
    assert.equal(whole.value.task.id, 't');
    const flat = { taskId: 't', status: 'WORKING', assignedProcessor: 'p', estimatedCompletionTime: 5 };
    const read = answer('tasks.create', { ...envelope, result: flat });
    assert.ok(read.kind === 'value' && read.value.kind === 'task' && read.value.partial);
    assert.equal(read.value.task.status.state, 'TASK_STATE_WORKING');
  });

  it('is read where it says no more than the id of the task', () => {
    assert.deepEqual(answer('tasks.create', { ...envelope, result: { taskId: 't' } }), {
      kind: 'value',
      value: { kind: 'task', task: { id: 't', status: { state: 'TASK_STATE_SUBMITTED' } }, partial: true },
    });
    assert.equal(answer('tasks.get', { ...envelope, result: { type: 'task', task: {} } }).kind, 'invalid');
  });

  it('comes from the endpoint of the base', () => {
    for (const base of ['https://x', 'https://x/', 'https://x/jsonrpc']) {
      assert.equal(codec.endpointOf(base), 'https://x/jsonrpc');
    }
  });

  it('is taken as accepted where a method only succeeds, whatever its type', () => {
    for (const type of ['success', 'task', 'stream_message_ack']) {
      const outcome = answer('tasks.send', { ...envelope, result: { type, task: { taskId: 't' } } });
      assert.deepEqual(outcome, { kind: 'value', value: { kind: 'accepted' } });
    }
  });

  it('is an error by its body first, with the id 0 or null, then by the HTTP status', () => {
    const name = (method: AcpRpcMethod, body: unknown, status: number) => {
      const outcome = answer(method, body, status);
      return outcome.kind === 'agent-error' ? outcome.error.name : outcome.kind;
    };
    const failed = (code: number, id: unknown = 0) => ({
      jsonrpc: '2.0',
      id,
      result: null,
      error: { code, message: 'x' },
    });
    assert.equal(name('tasks.get', failed(-40001), 404), 'TaskNotFoundError');
    assert.equal(name('tasks.get', failed(-40008, null), 500), 'PermissionDeniedError');
    assert.equal(name('tasks.send', failed(-40002), 500), 'UnsupportedOperationError');
    assert.equal(name('tasks.cancel', failed(-40002), 500), 'TaskNotCancelableError');
    assert.equal(name('tasks.get', failed(-32003, 'q1'), 200), 'RateLimitedError');
    assert.equal(name('tasks.get', 'gone', 503), 'UnavailableError');
    assert.equal(name('tasks.get', failed(-40001, 'q2'), 200), 'invalid');
    assert.equal(name('tasks.get', 'gone', 200), 'invalid');
  });

  it('has an error for each that A2A defines, with the code of the dialect', () => {
    for (const name of a2aDefinedErrors) assert.ok(codec.acpRpcErrors[codec.acpRpcErrorByName[name]].code < 0);
    const data = codec.invalidParamsData([{ field: 'taskId', description: 'is required' }]);
    assert.deepEqual(JSON.parse(codec.encodeError('q4', { name: 'InvalidParams', message: 'x', data })), {
      jsonrpc: '2.0',
      id: 'q4',
      error: {
        code: -32_602,
        message: 'x',
        data: {
          field: 'taskId',
          expected: 'is required',
          validationErrors: [{ field: 'taskId', message: 'is required' }],
        },
      },
    });
  });

  it('is read back from the results that this codec writes', () => {
    const read = (method: AcpRpcMethod, result: string) =>
      answer(method, `{"jsonrpc":"2.0","id":"q1","result":${result}}`);
    const stream = { streamId: 's', status: 'ACTIVE', participants: ['a'], createdAt } as const;
    assert.deepEqual(read('stream.start', codec.encodeStreamResult(stream)), {
      kind: 'value',
      value: { kind: 'stream', stream },
    });
    const events = ['STATUS_CHANGE'] as const;
    const subscription = { subscriptionId: 'u', taskId: 't', callbackUrl: 'https://x', events, active: true };
    assert.deepEqual(read('tasks.subscribe', codec.encodeSubscriptionResult(subscription)), {
      kind: 'value',
      value: { kind: 'subscription', subscription },
    });
    const accepted = { kind: 'value', value: { kind: 'accepted' } };
    assert.deepEqual(read('stream.end', codec.encodeMessageResult('success', 'ended')), accepted);
    const task = { id: 't', status: { state: 'TASK_STATE_SUBMITTED' } } as const;
    const got = read('tasks.get', codec.encodeTaskResult(task, { createdAt }));
    assert.ok(got.kind === 'value' && got.value.kind === 'task' && got.value.task.id === 't');
  });

  it('never throws, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...codec.acpRpcMethods), (result, method) => {
        assert.match(answer(method, { ...envelope, result }).kind, /^(?:value|invalid|agent-error)$/);
        assert.match(answer(method, result).kind, /^(?:value|invalid|agent-error)$/);
      }),
    );
  });
});
