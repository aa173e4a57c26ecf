/** Guarantee: a REST request means the same as its JSON-RPC twin, and a path never means two operations. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { DecodeError } from '../errors/index.ts';
import {
  decodeOperation,
  decodeRestRequest,
  defaultDecodeLimits,
  isStreaming,
  isTaskOperation,
  matchRest,
  operationOfMethod,
  optionalOperations,
  restRoutes,
  taskOperations,
} from './index.ts';
import type { OperationRequest, TaskOperation } from './index.ts';

const match = (operation: string, params = {}): unknown => ({ kind: 'match', operation, params });
const unknown = { kind: 'unknown' };

const lines: readonly (readonly [verb: string, path: string, outcome: unknown])[] = [
  ['POST', '/message:send', match('SendMessage')],
  ['POST', '/message:stream', match('SendStreamingMessage')],
  ['GET', '/tasks', match('ListTasks')],
  ['GET', '/tasks/t1', match('GetTask', { id: 't1' })],
  ['POST', '/tasks/t1:cancel', match('CancelTask', { id: 't1' })],
  ['POST', '/tasks/t1:subscribe', match('SubscribeToTask', { id: 't1' })],
  ['GET', '/tasks/t1:subscribe', match('SubscribeToTask', { id: 't1' })],
  ['GET', '/tasks/a:b', match('GetTask', { id: 'a:b' })],
  ['POST', '/tasks/a:b:cancel', match('CancelTask', { id: 'a:b' })],
  ['GET', '/tasks/a%3Acancel', match('GetTask', { id: 'a:cancel' })],
  ['GET', '/tasks/a%2Fb', match('GetTask', { id: 'a/b' })],
  ['GET', '/tasks/%C5%BC', match('GetTask', { id: 'ż' })],
  ['POST', '/tasks/t1/pushNotificationConfigs', match('CreateTaskPushNotificationConfig', { taskId: 't1' })],
  ['GET', '/tasks/t1/pushNotificationConfigs', match('ListTaskPushNotificationConfigs', { taskId: 't1' })],
  ['GET', '/tasks/t1/pushNotificationConfigs/c', match('GetTaskPushNotificationConfig', { taskId: 't1', id: 'c' })],
  [
    'DELETE',
    '/tasks/t1/pushNotificationConfigs/c',
    match('DeleteTaskPushNotificationConfig', { taskId: 't1', id: 'c' }),
  ],
  ['GET', '/extendedAgentCard', match('GetExtendedAgentCard')],
  ['POST', '/acme/message:send', match('SendMessage', { routingTag: 'acme' })],
  ['GET', '/acme%2Fbot/tasks/t1', match('GetTask', { id: 't1', routingTag: 'acme/bot' })],
  ['GET', '/acme/extendedAgentCard', match('GetExtendedAgentCard', { routingTag: 'acme' })],
  ['GET', '/tasks/tasks', match('GetTask', { id: 'tasks' })],
  ['GET', '/message:send', { kind: 'wrong-verb', allow: ['POST'] }],
  ['DELETE', '/tasks/t1:subscribe', { kind: 'wrong-verb', allow: ['POST', 'GET'] }],
  ['GET', '/tasks/t1:cancel', { kind: 'wrong-verb', allow: ['POST'] }],
  ['get', '/tasks', { kind: 'wrong-verb', allow: ['GET'] }],
  ['GET', '', unknown],
  ['GET', '/', unknown],
  ['GET', '/tasks/', unknown],
  ['GET', '/tasks/a/b', unknown],
  ['POST', '/tasks/:cancel', unknown],
  ['GET', '/tasks/message:send', match('GetTask', { id: 'message:send' })],
  ['POST', '/tasks/tasks/t1:cancel', unknown],
  ['POST', '/a/b/message:send', unknown],
  ['POST', '/a:b/message:send', unknown],
  ['POST', '/v1/message:send/', unknown],
  ['POST', '/messageXsend', unknown],
  ['GET', '/tasks/%00', { kind: 'bad-path', message: 'a path segment is not well-formed' }],
  ['GET', '/tasks/%ff', { kind: 'bad-path', message: 'a path segment is not well-formed' }],
  ['GET', '/tasks/%', { kind: 'bad-path', message: 'a path segment is not well-formed' }],
  ['GET', `/${'x'.repeat(2_048)}`, { kind: 'bad-path', message: 'the path exceeds 2048 characters' }],
];

describe('REST paths', () => {
  for (const [verb, path, outcome] of lines) {
    it(`${verb} ${path.slice(0, 60)}`, () => {
      assert.deepEqual(matchRest(verb, path), outcome);
    });
  }

  it('reach every operation', () => {
    const reached = new Set(restRoutes.map(({ operation }) => operation));
    assert.deepEqual([...reached].toSorted(), [...taskOperations, ...optionalOperations].toSorted());
  });

  it('bring back any id that is percent-encoded, with any routing tag', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(segment, segment, (id, tag) => {
        fc.pre(!['tasks', 'extendedAgentCard', '.well-known'].includes(tag));
        const path = `/${encodeURIComponent(tag)}/tasks/${encodeURIComponent(id)}:cancel`;
        assert.deepEqual(matchRest('POST', path), match('CancelTask', { id, routingTag: tag }));
      }),
    );
  });

  it('never make the matcher throw', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.webPath(),
        fc.string(),
        (verb, path, rest) => void [matchRest(verb, path), matchRest('GET', path + rest)],
      ),
    );
  });
});

const decode = (operation: TaskOperation, path: object, query: string, body?: unknown): OperationRequest =>
  decodeRestRequest(operation, { params: path, query: new URLSearchParams(query), body }, defaultDecodeLimits);

const fields = (action: () => unknown): string[] => {
  try {
    action();
    return [];
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return error.violations.map(({ field }) => field);
  }
};

const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };

describe('REST requests', () => {
  it('read every query parameter of a list, in either spelling', () => {
    const query =
      'contextId=c&status=TASK_STATE_WORKING&pageSize=7&pageToken=p&historyLength=0' +
      '&status_timestamp_after=2025-11-09T10%3A30%3A00%2B02%3A00&includeArtifacts=false&tenant=x&foo=bar';
    assert.deepEqual(decode('ListTasks', {}, query).request, {
      routingTag: 'x',
      contextId: 'c',
      status: 'TASK_STATE_WORKING',
      pageSize: 7,
      pageToken: 'p',
      historyLength: 0,
      statusTimestampAfter: '2025-11-09T08:30:00.000Z',
      includeArtifacts: false,
    });
  });

  it('read empty parameters as absent', () => {
    assert.deepEqual(decode('ListTasks', {}, 'contextId=&pageSize=&status=').request, {});
  });

  it('join path, query and body, which must agree', () => {
    const request = { routingTag: 'x', id: 't' };
    assert.deepEqual(decode('GetTask', { routingTag: 'x', id: 't' }, 'tenant=x').request, request);
    assert.deepEqual(decode('CancelTask', { id: 't' }, '', { tenant: 'x', id: 't' }).request, request);
    assert.deepEqual(
      fields(() => decode('GetTask', { routingTag: 'x', id: 't' }, 'tenant=y')),
      ['tenant'],
    );
    assert.deepEqual(
      fields(() => decode('CancelTask', { id: 't' }, 'tenant=y', { tenant: 'x', id: 'u' })),
      ['tenant', 'id'],
    );
    assert.deepEqual(
      fields(() => decode('SendMessage', { routingTag: 'x' }, '', { tenant: 'y', message })),
      ['tenant'],
    );
  });

  it('need no body for a cancel, and ignore one for a subscription', () => {
    assert.deepEqual(decode('CancelTask', { id: 't' }, '').request, { id: 't' });
    assert.deepEqual(decode('CancelTask', { id: 't' }, '', {}).request, { id: 't' });
    assert.deepEqual(decode('SubscribeToTask', { id: 't' }, '', { id: 'other' }).request, { id: 't' });
  });

  const broken: readonly (readonly [name: string, action: () => unknown, violated: string[]])[] = [
    ['a send without a body', () => decode('SendMessage', {}, ''), ['message']],
    ['a body that is no object', () => decode('SendMessage', {}, '', [message]), ['']],
    ['a parameter given twice', () => decode('ListTasks', {}, 'pageSize=1&page_size=1'), ['pageSize']],
    ['a parameter with NUL', () => decode('ListTasks', {}, 'contextId=a%00'), ['contextId']],
    ['a page size in words', () => decode('ListTasks', {}, 'pageSize=ten'), ['pageSize']],
    ['a page size out of range', () => decode('ListTasks', {}, 'pageSize=101'), ['pageSize']],
    ['a flag in other words', () => decode('ListTasks', {}, 'includeArtifacts=yes'), ['includeArtifacts']],
    ['an unknown state', () => decode('ListTasks', {}, 'status=working'), ['status']],
    ['a bad time', () => decode('ListTasks', {}, 'statusTimestampAfter=yesterday'), ['statusTimestampAfter']],
    ['a negative history', () => decode('GetTask', { id: 't' }, 'historyLength=-1'), ['historyLength']],
  ];
  for (const [name, action, violated] of broken) {
    it(`refuse ${name}`, () => {
      assert.deepEqual(fields(action), violated);
    });
  }
});

describe('operations', () => {
  it('are known by their exact method names only', () => {
    for (const operation of [...taskOperations, ...optionalOperations])
      assert.equal(operationOfMethod(operation), operation);
    for (const method of [
      'sendMessage',
      'message/send',
      'tasks/get',
      'constructor',
      '__proto__',
      'toString',
      '',
      'SendMessage ',
    ]) {
      assert.equal(operationOfMethod(method), undefined);
    }
  });

  it('stream, or answer once', () => {
    assert.deepEqual(taskOperations.filter(isStreaming), ['SendStreamingMessage', 'SubscribeToTask']);
    assert.deepEqual(optionalOperations.filter(isTaskOperation), []);
  });

  it('each decode their own request', () => {
    for (const operation of taskOperations) {
      const request = decodeOperation(operation, { id: 't', message }, defaultDecodeLimits);
      assert.equal(request.operation, operation);
      assert.equal('message' in request.request, operation.startsWith('Send'));
    }
  });
});
