/** Guarantee: a call over HTTP+JSON is the one our own server side reads back, and no answer makes the reader throw. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import type { TaskOperationRequest } from '../model/index.ts';
import {
  decodeRestAnswer,
  decodeRestRequest,
  decodeRestStreamData,
  defaultDecodeLimits,
  encodeRestCall,
  matchRest,
} from './index.ts';

const read = { depthMax: 64, limits: defaultDecodeLimits };
const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hällo' }] } as const;

const calls: Readonly<Record<string, TaskOperationRequest>> = {
  'a send': { operation: 'SendMessage', request: { message, configuration: { historyLength: 2 } } },
  'a send to a tenant': { operation: 'SendMessage', request: { routingTag: 'a b/ü', message } },
  'a streamed send': { operation: 'SendStreamingMessage', request: { message, metadata: { k: 1 } } },
  'a get': { operation: 'GetTask', request: { id: 'a:b/c?d', historyLength: 0 } },
  'a plain get': { operation: 'GetTask', request: { routingTag: 'blue', id: 't' } },
  'a list': {
    operation: 'ListTasks',
    request: {
      contextId: 'c d&e',
      status: 'TASK_STATE_WORKING',
      pageSize: 7,
      statusTimestampAfter: '2026-01-01T00:00:00.000Z',
      includeArtifacts: true,
    },
  },
  'a cancel': { operation: 'CancelTask', request: { id: 't', metadata: { why: 'late' } } },
  'a plain cancel': { operation: 'CancelTask', request: { routingTag: 'blue', id: 't:cancel' } },
  'a subscription': { operation: 'SubscribeToTask', request: { id: 't' } },
};

describe('a REST call', () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`means what was said: ${name}`, () => {
      const { verb, path, body } = encodeRestCall(call);
      const url = new URL(`http://agent${path}`);
      const match = matchRest(verb, url.pathname);
      assert.ok(match.kind === 'match', match.kind);
      const { operation, params } = match;
      assert.equal(operation, call.operation);
      const parts = {
        params,
        query: url.searchParams,
        body: body === null ? undefined : (JSON.parse(body) as unknown),
      };
      assert.deepEqual(decodeRestRequest(operation, parts, defaultDecodeLimits), call);
    });
  }
});

describe('a REST answer', () => {
  it('is read as it was written, bare', () => {
    fc.assert(
      fc.property(arbitraries.task, arbitraries.update, (task, update) => {
        for (const [outcome, value] of [
          [decodeRestAnswer('GetTask', JSON.stringify(task), read), task],
          [decodeRestAnswer('SendMessage', JSON.stringify({ task }), read), { task }],
          [decodeRestStreamData(JSON.stringify(update), read), update],
        ] as const) {
          assert.equal(JSON.stringify(outcome), JSON.stringify({ kind: 'value', value }));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('may end a stream with an error', () => {
    const details = [{ reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' }];
    const data = JSON.stringify({ error: { code: 404, status: 'NOT_FOUND', message: 'no', details } });
    const outcome = decodeRestStreamData(data, read);
    assert.ok(outcome.kind === 'agent-error');
    assert.equal(outcome.error.name, 'TaskNotFoundError');
  });

  it('that breaks the protocol is said to, never thrown', () => {
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '{"error":"no"}',
      '{"task":{}}',
    ]) {
      assert.equal(decodeRestAnswer('SendMessage', body, read).kind, 'invalid', body);
      assert.equal(decodeRestStreamData(body, read).kind, 'invalid', body);
    }
  });
});
