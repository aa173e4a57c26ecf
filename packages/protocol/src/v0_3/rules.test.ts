/** Guarantee: the words of A2A 0.3 are those of its specification, letter by letter, and what is not in it is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultDecodeLimits as limits } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type { StreamResponse, Task, TaskState } from '../model/index.ts';
import { taskStates } from '../model/index.ts';
import * as codec from './index.ts';

const message = { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] };
const send = (over: object) => codec.decodeOperation('SendMessage', { message, ...over }, limits);
const parsed = (text: string): unknown => JSON.parse(text);
const refuses = (decode: () => unknown, field: string): void =>
  assert.throws(decode, (error) => error instanceof DecodeError && error.violations[0]?.field === field);

const task: Task = {
  id: 't',
  contextId: 'c',
  status: { state: 'TASK_STATE_CANCELED', timestamp: '2026-01-01T00:00:00.000Z' },
  artifacts: [{ artifactId: 'a', parts: [{ raw: 'AA==', filename: 'x.bin', mediaType: 'application/x' }] }],
  history: [{ messageId: 'm', role: 'ROLE_USER', parts: [{ data: { n: 1 } }, { data: [1] }] }],
};

describe('A2A 0.3', () => {
  it('writes a task for JSON-RPC with markers and lower-case names', () => {
    assert.deepEqual(parsed(codec.encodeTask(task, 'json')), {
      kind: 'task',
      id: 't',
      contextId: 'c',
      status: { state: 'canceled', timestamp: '2026-01-01T00:00:00.000Z' },
      artifacts: [
        {
          artifactId: 'a',
          parts: [{ kind: 'file', file: { bytes: 'AA==', mimeType: 'application/x', name: 'x.bin' } }],
        },
      ],
      history: [
        {
          kind: 'message',
          messageId: 'm',
          role: 'user',
          parts: [
            { kind: 'data', data: { n: 1 } },
            { kind: 'data', data: { value: [1] }, metadata: { data_part_compat: true } },
          ],
        },
      ],
    });
  });

  it('writes a task for HTTP+JSON as its proto has it', () => {
    assert.deepEqual(parsed(codec.encodeTask(task, 'proto')), {
      id: 't',
      contextId: 'c',
      status: { state: 'TASK_STATE_CANCELLED', timestamp: '2026-01-01T00:00:00.000Z' },
      artifacts: [{ artifactId: 'a', parts: [{ file: { fileWithBytes: 'AA==', mimeType: 'application/x' } }] }],
      history: [
        {
          messageId: 'm',
          role: 'ROLE_USER',
          content: [{ data: { data: { n: 1 } } }, { data: { data: { value: [1] } } }],
        },
      ],
    });
  });

  it('marks the end of a task, and nothing else, as final', () => {
    const ends = new Set<TaskState>([
      'TASK_STATE_COMPLETED',
      'TASK_STATE_FAILED',
      'TASK_STATE_CANCELED',
      'TASK_STATE_REJECTED',
    ]);
    for (const state of taskStates) {
      const update: StreamResponse = { statusUpdate: { taskId: 't', contextId: 'c', status: { state } } };
      const { kind, final } = parsed(codec.encodeStreamResponse(update, 'json')) as { kind: string; final: boolean };
      assert.deepEqual([kind, final], ['status-update', ends.has(state)]);
      const proto = parsed(codec.encodeStreamResponse(update, 'proto')) as { statusUpdate: { final: boolean } };
      assert.equal(proto.statusUpdate.final, ends.has(state));
    }
  });

  it('waits for the end when told to block or told nothing, and not when a configuration does not say so', () => {
    const waits = (configuration: object | undefined) => {
      const { request } = send({ configuration });
      return 'configuration' in request ? request.configuration?.returnImmediately !== true : true;
    };
    assert.deepEqual([undefined, { blocking: true }, { blocking: false }, {}].map(waits), [true, true, false, false]);
  });

  it('waits over HTTP+JSON only when told to block: a proto without a configuration has an empty one', () => {
    const waits = (configuration: object | undefined) => {
      const parts = { params: {}, query: [], body: { message, configuration } };
      const { request } = codec.decodeRestRequest('SendMessage', parts, limits);
      return !('configuration' in request) || request.configuration?.returnImmediately !== true;
    };
    assert.deepEqual([undefined, { blocking: true }, { blocking: false }, {}].map(waits), [false, true, false, false]);
  });

  it('has the methods of the specification, and no other', () => {
    assert.deepEqual(Object.values(codec.methodOfOperation), [
      'message/send',
      'message/stream',
      'tasks/get',
      'tasks/cancel',
      'tasks/resubscribe',
      'tasks/pushNotificationConfig/set',
      'tasks/pushNotificationConfig/get',
      'tasks/pushNotificationConfig/list',
      'tasks/pushNotificationConfig/delete',
      'agent/getAuthenticatedExtendedCard',
    ]);
    for (const method of ['SendMessage', 'tasks/list', 'tasks/send', 'Message/Send', '__proto__', '']) {
      assert.equal(codec.operationOfMethod(method), undefined, method);
    }
  });

  it('has the paths of the specification', () => {
    const operationAt = (verb: string, path: string) => {
      const match = codec.matchRest(verb, path);
      return match.kind === 'match' ? [match.operation, match.params] : match.kind;
    };
    assert.deepEqual(operationAt('POST', '/v1/message:send'), ['SendMessage', {}]);
    assert.deepEqual(operationAt('GET', '/v1/tasks/t%3A1:subscribe'), ['SubscribeToTask', { id: 't:1' }]);
    assert.deepEqual(operationAt('POST', '/v1/tasks/t:subscribe'), ['SubscribeToTask', { id: 't' }]);
    assert.deepEqual(operationAt('GET', '/v1/card'), ['GetExtendedAgentCard', {}]);
    assert.equal(operationAt('PUT', '/v1/tasks/t'), 'wrong-verb');
    assert.equal(operationAt('POST', '/message:send'), 'unknown');
    assert.equal(operationAt('POST', '/tenant/v1/message:send'), 'unknown');
  });

  it('reads push configs by every spelling, one scheme of several, and a task’s only config by the task’s id', () => {
    const config = { url: 'https://x.example', authentication: { schemes: ['Bearer', 'Basic'], credentials: 's' } };
    const model = { url: config.url, authentication: { scheme: 'Bearer', credentials: 's' } };
    const set = codec.decodeOperation(
      'CreateTaskPushNotificationConfig',
      { taskId: 't', pushNotificationConfig: config },
      limits,
    );
    assert.deepEqual(set.request, { id: 't', taskId: 't', ...model });
    const get = codec.decodeOperation('GetTaskPushNotificationConfig', { id: 't' }, limits);
    assert.deepEqual(get.request, { taskId: 't', id: 't' });
    const byDefault = { id: 't', pushNotificationConfigId: 'default' };
    assert.deepEqual(codec.decodeOperation('GetTaskPushNotificationConfig', byDefault, limits).request, {
      taskId: 't',
      id: 'default',
      fallbackId: 't',
    });
    for (const body of [{ pushNotificationConfig: config }, { config: { pushNotificationConfig: config } }]) {
      const parts = { params: { taskId: 't' }, query: [], body };
      assert.deepEqual(codec.decodeRestRequest('CreateTaskPushNotificationConfig', parts, limits).request, {
        id: 't',
        taskId: 't',
        ...model,
      });
    }
    assert.deepEqual(
      parsed(codec.encodePushConfigs({ configs: [{ id: 'p', taskId: 't', url: 'u' }], nextPageToken: '' }, 'json')),
      [{ taskId: 't', pushNotificationConfig: { id: 'p', url: 'u' } }],
    );
    assert.deepEqual(parsed(codec.encodePushConfig({ id: 'p', taskId: 't', url: 'u' }, 'proto')), {
      name: 'tasks/t/pushNotificationConfigs/p',
      pushNotificationConfig: { id: 'p', url: 'u' },
    });
  });

  it('takes an empty authentication of the proto for none, and refuses any other without a scheme', () => {
    const at = 'pushNotificationConfig.authentication.schemes';
    const over = (authentication: object) => {
      const pushNotificationConfig = { url: 'https://x.example', authentication };
      const parts = { params: { taskId: 't' }, query: [], body: { pushNotificationConfig } };
      return {
        rest: () => codec.decodeRestRequest('CreateTaskPushNotificationConfig', parts, limits).request,
        rpc: () =>
          codec.decodeOperation('CreateTaskPushNotificationConfig', { taskId: 't', pushNotificationConfig }, limits),
      };
    };
    for (const empty of [{}, { schemes: [], credentials: '' }]) {
      assert.deepEqual(over(empty).rest(), { id: 't', taskId: 't', url: 'https://x.example' });
      refuses(over(empty).rpc, at);
    }
    refuses(over({ credentials: 's' }).rest, at);
    const pushNotification = { url: 'https://x.example', authentication: {} };
    const parts = { params: {}, query: [], body: { message, configuration: { pushNotification } } };
    const { request } = codec.decodeRestRequest('SendMessage', parts, limits);
    assert.ok('configuration' in request);
    assert.deepEqual(request.configuration?.taskPushNotificationConfig, { url: 'https://x.example' });
  });

  it('takes the parts of JSON-RPC over HTTP+JSON too, as the specification shows them there', () => {
    const parts = { params: {}, query: [], body: { message, configuration: { blocking: true } } };
    assert.deepEqual(codec.decodeRestRequest('SendMessage', parts, limits).request, {
      message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] },
      configuration: {},
    });
  });

  it('refuses what 0.3 does not say', () => {
    const withParts =
      (...parts: object[]) =>
      () =>
        send({ message: { ...message, parts } });
    refuses(withParts({ text: 'hi' }), 'message.parts[0].kind');
    refuses(withParts({ kind: 'text' }), 'message.parts[0].text');
    refuses(withParts({ kind: 'image' }), 'message.parts[0].kind');
    refuses(withParts({ kind: 'data', data: [1] }), 'message.parts[0].data');
    refuses(withParts({ kind: 'file', file: {} }), 'message.parts[0].file');
    refuses(withParts({ kind: 'file', file: { uri: 'u', bytes: 'AA==' } }), 'message.parts[0].file');
    refuses(withParts({ kind: 'file', file: { bytes: '***' } }), 'message.parts[0].file.bytes');
    refuses(() => send({ message: { ...message, role: 'ROLE_USER' } }), 'message.role');
    refuses(() => send({ message: { ...message, kind: 'task' } }), 'message.kind');
    refuses(
      () => codec.decodeTask({ kind: 'task', id: 't', status: { state: 'unknown' } }, limits, 'json'),
      'status.state',
    );
    refuses(() => codec.decodeTask({ id: 't', status: { state: 'COMPLETED' } }, limits, 'proto'), 'status.state');
    refuses(() => codec.decodeStreamResponse({ kind: 'surprise' }, limits, 'json'), 'kind');
  });

  it('keeps its decoders within their bounds', () => {
    const small = { ...limits, partsMax: 1, textBytesMax: 2, idCharsMax: 2, structDepthMax: 1 };
    const bounded = (over: object) => () =>
      codec.decodeOperation('SendMessage', { message: { ...message, ...over } }, small);
    const part = { kind: 'text', text: 'hi' };
    refuses(bounded({ parts: [part, part] }), 'message.parts');
    refuses(bounded({ parts: [{ kind: 'text', text: 'long' }] }), 'message.parts[0].text');
    refuses(bounded({ messageId: 'long' }), 'message.messageId');
    refuses(bounded({ metadata: { deep: {} } }), 'message.metadata');
  });

  it('reads the error of either binding', () => {
    const error = { code: -32001, message: 'Task not found' };
    assert.equal(codec.parseRestError(error)?.name, 'TaskNotFoundError');
    assert.equal(codec.parseRestError({ error }), null);
    const read = { depthMax: 8, limits };
    const streamed = codec.decodeRestStreamData(JSON.stringify(error), read);
    assert.ok(streamed.kind === 'agent-error' && streamed.error.name === 'TaskNotFoundError');
  });
});

describe('a card of A2A 0.3', () => {
  const flow = { tokenUrl: 'https://x.example/token', scopes: { s: 'S' } };
  const card = {
    protocolVersion: '0.3.0',
    name: 'Agent',
    description: '',
    url: 'https://x.example/rpc',
    additionalInterfaces: [
      { url: 'https://x.example/rpc', transport: 'JSONRPC' },
      { url: 'https://x.example/rest', transport: 'HTTP+JSON' },
    ],
    version: '1',
    capabilities: { streaming: true, stateTransitionHistory: true },
    securitySchemes: {
      oauth: { type: 'oauth2', flows: { clientCredentials: flow, password: flow } },
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    },
    security: [{ oauth: ['s'], key: [] }],
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
    supportsAuthenticatedExtendedCard: true,
  };

  it('is told from one of 1.0 by its address', () => {
    assert.equal(codec.isCardOf03(card), true);
    for (const other of [{ ...card, supportedInterfaces: [] }, { name: 'x' }, [], null, 'x']) {
      assert.equal(codec.isCardOf03(other), false);
    }
  });

  it('becomes one of 1.0: interfaces in one list, flows as schemes of their own, any of which will do', () => {
    const model = codec.decodeAgentCard(card, limits);
    assert.deepEqual(model.supportedInterfaces, [
      { url: 'https://x.example/rpc', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
      { url: 'https://x.example/rest', protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' },
    ]);
    assert.deepEqual(model.capabilities, { streaming: true, extendedAgentCard: true });
    assert.deepEqual(Object.keys(model.securitySchemes ?? {}), ['oauth', 'oauth-password', 'key']);
    assert.deepEqual(model.securityRequirements, [
      { schemes: { oauth: { list: ['s'] }, key: {} } },
      { schemes: { 'oauth-password': { list: ['s'] }, key: {} } },
    ]);
  });

  it('of 0.2, or without a version, has the wire of 0.3', () => {
    for (const protocolVersion of ['0.2.6', undefined]) {
      const [first] = codec.decodeAgentCard({ ...card, protocolVersion }, limits).supportedInterfaces;
      assert.equal(first?.protocolVersion, '0.3');
    }
  });
});
