/** Guarantee: whatever an agent answers becomes a model, its own error, or a named breach; never an exception. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { jsonRpcErrorBody } from '../errors/index.ts';
import { decodeJsonRpcRequest, encodeJsonRpcError, encodeJsonRpcResult } from '../jsonrpc/index.ts';
import {
  decodeAnswer,
  decodeOperation,
  decodeStreamData,
  defaultDecodeLimits,
  encodeCall,
  encodeSendMessageResponse,
  encodeStreamResponse,
  encodeTask,
} from './index.ts';
import type { OperationRequest } from './index.ts';

const options = { id: 'r1', depthMax: 64, limits: defaultDecodeLimits };
const plain = (model: unknown): unknown => JSON.parse(JSON.stringify(model));

const calls: fc.Arbitrary<OperationRequest> = fc.oneof(
  fc.record({
    operation: fc.constantFrom('SendMessage', 'SendStreamingMessage'),
    request: arbitraries.sendMessageRequest,
  }),
  fc.record({ operation: fc.constant('GetTask'), request: arbitraries.getTaskRequest }),
  fc.record({ operation: fc.constant('ListTasks'), request: arbitraries.listTasksRequest }),
  fc.record({ operation: fc.constant('CancelTask'), request: arbitraries.cancelTaskRequest }),
  fc.record({ operation: fc.constant('SubscribeToTask'), request: arbitraries.subscribeToTaskRequest }),
);

describe('calls to an agent', () => {
  it('reach the other side as they were meant', () => {
    fc.assert(
      fc.property(calls, (call) => {
        const envelope = decodeJsonRpcRequest(JSON.parse(encodeCall('r1', call)));
        assert.ok(envelope.kind === 'request');
        assert.equal(envelope.method, call.operation);
        assert.deepEqual(decodeOperation(call.operation, envelope.params, defaultDecodeLimits), plain(call));
      }),
    );
  });

  it('carry the routing tag as tenant', () => {
    const body: unknown = JSON.parse(encodeCall(7, { operation: 'GetTask', request: { routingTag: 'a/b', id: 't' } }));
    assert.deepEqual(body, { jsonrpc: '2.0', id: 7, method: 'GetTask', params: { tenant: 'a/b', id: 't' } });
  });
});

describe('answers of an agent', () => {
  // NUL cannot be stored, so answers that hold one are refused whole.
  const storable = (json: string): boolean => !json.includes(String.raw`\u0000`);

  it('become models', () => {
    fc.assert(
      fc.property(
        arbitraries.sendMessageResponse,
        arbitraries.task,
        arbitraries.streamResponse,
        (response, task, event) => {
          const bodies = [encodeSendMessageResponse(response), encodeTask(task), encodeStreamResponse(event)] as const;
          fc.pre(bodies.every(storable));
          const [sent, got, streamed] = bodies.map((body) => encodeJsonRpcResult('r1', body));
          assert.deepEqual(decodeAnswer('SendMessage', sent ?? '', options), { kind: 'value', value: plain(response) });
          assert.deepEqual(decodeAnswer('GetTask', new TextEncoder().encode(got), options), {
            kind: 'value',
            value: plain(task),
          });
          assert.deepEqual(decodeStreamData(streamed ?? '', options), { kind: 'value', value: plain(event) });
        },
      ),
    );
  });

  it('become the error the agent named', () => {
    const body = encodeJsonRpcError('r1', jsonRpcErrorBody({ name: 'TaskNotCancelableError', message: 'done' }));
    const outcome = decodeAnswer('CancelTask', body, options);
    assert.ok(outcome.kind === 'agent-error');
    assert.equal(outcome.error.name, 'TaskNotCancelableError');
    assert.deepEqual(decodeStreamData(body, options), outcome);
  });

  const task = '{"id":"t","status":{"state":"TASK_STATE_WORKING"}}';
  const breaches: readonly (readonly [name: string, body: string, message: RegExp])[] = [
    ['HTML', '<html>', /not valid JSON/],
    ['nothing', '', /not valid JSON/],
    ['a bare task', task, /jsonrpc/],
    ['a task without its wrapper', encodeJsonRpcResult('r1', task), /breaks the protocol/],
    ['an empty result', encodeJsonRpcResult('r1', '{}'), /breaks the protocol/],
    ['a null result', encodeJsonRpcResult('r1', 'null'), /breaks the protocol/],
    [
      'an older task',
      encodeJsonRpcResult('r1', `{"kind":"task","id":"t","status":{"state":"working"}}`),
      /breaks the protocol/,
    ],
    ['the answer to another call', encodeJsonRpcResult('r2', `{"task":${task}}`), /another id/],
    ['a repeated key', '{"jsonrpc":"2.0","jsonrpc":"2.0","id":"r1","result":{}}', /repeats/],
    ['endless nesting', '['.repeat(100_000), /deeper/],
  ];
  for (const [name, body, message] of breaches) {
    it(`are a named breach: ${name}`, () => {
      const outcome = decodeAnswer('SendMessage', body, options);
      assert.ok(outcome.kind === 'invalid');
      assert.match(outcome.message, message);
    });
  }

  it('never throw, whatever they are', () => {
    const bodies = fc.oneof(
      fc.string(),
      fc.uint8Array(),
      fc.jsonValue().map((value) => encodeJsonRpcResult('r1', JSON.stringify(value))),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        for (const operation of ['SendMessage', 'GetTask', 'ListTasks', 'CancelTask'] as const)
          decodeAnswer(operation, body, options);
        if (typeof body === 'string') decodeStreamData(body, options);
      }),
    );
  });
});
