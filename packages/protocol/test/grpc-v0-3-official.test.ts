/** Guarantee: our protobuf bytes of A2A 0.3 are those of the official SDK 0.3, in both directions, and what breaks the protocol is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { A2AService } from 'a2a-sdk-0-3/server/grpc';
import * as fc from 'fast-check';
import { DecodeError } from '../src/errors/index.ts';
import * as grpc from '../src/grpc/index.ts';
import type { GrpcOperationV03 } from '../src/grpc/index.ts';
import type { AgentCard, SendMessageRequest, SendMessageResponse, StreamResponse, Task } from '../src/model/index.ts';
import * as v03 from '../src/v0_3/index.ts';
import { defaultDecodeLimits as limits } from '../src/codec/index.ts';
import * as arbitraries from './arbitraries.ts';

type Codec = (input: unknown) => Buffer;

const methods = Object.values(A2AService as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>);

/** What the SDK writes again of what it has read. */
function throughSdk(operation: GrpcOperationV03, side: 'request' | 'response', bytes: Uint8Array): Uint8Array {
  const method = methods.find(({ path }) => path === grpc.grpcPathV03(operation));
  assert.ok(method !== undefined, operation);
  const [read, write] = [method[`${side}Deserialize`] as Codec, method[`${side}Serialize`] as Codec];
  return write(read(Buffer.from(bytes)));
}

function assertSame(operation: GrpcOperationV03, side: 'request' | 'response', bytes: Uint8Array): void {
  const again = throughSdk(operation, side, bytes);
  assert.equal(Buffer.from(again).toString('hex'), Buffer.from(bytes).toString('hex'));
}

/** What the SDK's reader and writer keep: they drop empty keys, assign `__proto__`, and write times before 1970 otherwise. */
const isPlain = (model: unknown): boolean =>
  !/"(?:__proto__)?":|"(?:0|1[0-8]|19[0-6])\d+-\d\d-\d\dT/.test(JSON.stringify(model));

/** Models that the SDK keeps. It makes 0 of null. */
const kept = <T>(models: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  models.map((model) => JSON.parse(JSON.stringify(model), (_key, value: unknown) => value ?? 0) as T).filter(isPlain);

const parse: (text: string) => unknown = JSON.parse;
const request = (name: string, json: object): Uint8Array => grpc.writeMessage(`a2a.v1.${name}`, json);

describe('a request of A2A 0.3 in protobuf', () => {
  it('to send is read as the SDK writes it', () => {
    fc.assert(
      fc.property(kept(arbitraries.sendMessageRequest), (model: SendMessageRequest) => {
        const { body } = v03.encodeRestCall({ operation: 'SendMessage', request: model });
        const bytes = request('SendMessageRequest', JSON.parse(body ?? '') as object);
        assertSame('SendMessage', 'request', bytes);
        const parts = { params: {}, query: [], body: parse(body ?? '') };
        const expected = v03.decodeRestRequest('SendMessage', parts, limits);
        assert.deepEqual(grpc.decodeGrpcRequestV03('SendMessage', bytes, limits), expected);
      }),
    );
  });

  const named: readonly (readonly [GrpcOperationV03, string, object, object])[] = [
    ['GetTask', 'GetTaskRequest', { name: 'tasks/t', historyLength: 3 }, { id: 't', historyLength: 3 }],
    ['GetTask', 'GetTaskRequest', { name: 'tasks/t' }, { id: 't' }],
    ['CancelTask', 'CancelTaskRequest', { name: 'tasks/t' }, { id: 't' }],
    ['SubscribeToTask', 'TaskSubscriptionRequest', { name: 'tasks/t' }, { id: 't' }],
    [
      'GetTaskPushNotificationConfig',
      'GetTaskPushNotificationConfigRequest',
      { name: 'tasks/t/pushNotificationConfigs/c' },
      { taskId: 't', id: 'c' },
    ],
    [
      'DeleteTaskPushNotificationConfig',
      'DeleteTaskPushNotificationConfigRequest',
      { name: 'tasks/t/pushNotificationConfigs/c' },
      { taskId: 't', id: 'c' },
    ],
    [
      'ListTaskPushNotificationConfigs',
      'ListTaskPushNotificationConfigRequest',
      { parent: 'tasks/t', pageSize: 2 },
      { taskId: 't' },
    ],
    [
      'CreateTaskPushNotificationConfig',
      'CreateTaskPushNotificationConfigRequest',
      {
        parent: 'tasks/t',
        configId: 'c',
        config: { name: 'x', pushNotificationConfig: { url: 'u', authentication: { schemes: ['Bearer'] } } },
      },
      { taskId: 't', id: 'c', url: 'u', authentication: { scheme: 'Bearer' } },
    ],
    ['GetExtendedAgentCard', 'GetAgentCardRequest', {}, {}],
  ];
  for (const [operation, message, json, model] of named) {
    it(`${operation} ${JSON.stringify(json)}: our bytes are those of the SDK, and names become ids`, () => {
      assertSame(operation, 'request', request(message, json));
      assert.deepEqual(grpc.decodeGrpcRequestV03(operation, request(message, json), limits), {
        operation,
        request: model,
      });
    });
  }

  const refused: readonly (readonly [GrpcOperationV03, string, object, field: string])[] = [
    ['GetTask', 'GetTaskRequest', {}, 'name'],
    ['GetTask', 'GetTaskRequest', { name: 't' }, 'name'],
    ['GetTask', 'GetTaskRequest', { name: 'tasks/a/b' }, 'name'],
    ['CancelTask', 'CancelTaskRequest', { name: 'tasks/' }, 'name'],
    ['GetTaskPushNotificationConfig', 'GetTaskPushNotificationConfigRequest', { name: 'tasks/t' }, 'name'],
    ['ListTaskPushNotificationConfigs', 'ListTaskPushNotificationConfigRequest', {}, 'parent'],
    [
      'CreateTaskPushNotificationConfig',
      'CreateTaskPushNotificationConfigRequest',
      { parent: 'tasks/t', configId: 'c' },
      'pushNotificationConfig',
    ],
    ['SendMessage', 'SendMessageRequest', {}, 'message'],
    ['SendMessage', 'SendMessageRequest', { message: { messageId: 'm', role: 'ROLE_USER' } }, 'message.content'],
  ];
  for (const [operation, message, json, field] of refused) {
    it(`${operation} ${JSON.stringify(json)} is refused`, () => {
      assert.throws(
        () => grpc.decodeGrpcRequestV03(operation, request(message, json), limits),
        (error) => error instanceof DecodeError && error.violations[0]?.field === field,
      );
    });
  }

  it('throws nothing but DecodeError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...named), (bytes, [operation]) => {
        try {
          grpc.decodeGrpcRequestV03(operation, bytes, limits);
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }),
    );
  });
});

describe('an answer of A2A 0.3 in protobuf', () => {
  const test = <T>(operation: GrpcOperationV03, models: fc.Arbitrary<T>, encode: (model: T) => string): void => {
    it(`${operation}: our bytes are those of the SDK`, () => {
      fc.assert(
        fc.property(kept(models), (model) =>
          assertSame(operation, 'response', grpc.encodeGrpcAnswerV03(operation, encode(model))),
        ),
      );
    });
  };
  const task = (model: Task): string => v03.encodeTask(model, 'proto');
  const stream = (model: StreamResponse): string => v03.encodeStreamResponse(model, 'proto');
  const answer = (model: SendMessageResponse): string => v03.encodeSendMessageResponse(model, 'proto');
  test('SendMessage', arbitraries.sendMessageResponse, answer);
  test('SendStreamingMessage', arbitraries.streamResponse, stream);
  test('SubscribeToTask', arbitraries.streamResponse, stream);
  test('GetTask', arbitraries.task, task);
  test('CancelTask', arbitraries.task, task);
  const config = { id: 'c', taskId: 't', url: 'u', token: 'k', authentication: { scheme: 's' } };
  for (const operation of ['CreateTaskPushNotificationConfig', 'GetTaskPushNotificationConfig'] as const)
    test(operation, fc.constant(config), (model) => v03.encodePushConfig(model, 'proto'));
  test('ListTaskPushNotificationConfigs', fc.constant([config]), (configs) =>
    v03.encodePushConfigs({ configs, nextPageToken: 'n' }, 'proto'),
  );
  test('DeleteTaskPushNotificationConfig', fc.constant({}), () => '{}');
  // 0.3 knows neither, and the SDK drops what it does not know.
  const cards = arbitraries.agentCard.filter((card) => !/deviceCode|pkceRequired/.test(JSON.stringify(card)));
  test('GetExtendedAgentCard', cards, (card: AgentCard) => {
    const [first] = card.supportedInterfaces;
    const supportedInterfaces = [{ url: 'u', protocolBinding: 'JSONRPC', ...first, protocolVersion: '0.3' }];
    return v03.encodeAgentCard({ ...card, supportedInterfaces }, 'proto');
  });
});
