/** Guarantee: our protobuf bytes and those of the official SDK are the same, in both directions, for every message of the binding. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import * as fc from 'fast-check';
import * as grpc from '../src/grpc/index.ts';
import * as v1 from '../src/v1/index.ts';
import * as arbitraries from './arbitraries.ts';

const parse: (text: string) => unknown = JSON.parse;
const limits = v1.defaultDecodeLimits;

interface Side {
  readonly deserialize: (bytes: Buffer) => unknown;
  readonly serialize: (message: unknown) => Buffer;
}

// The generated service of the SDK: what its client writes and its server reads, and the other way round.
const methods = A2AService as unknown as Readonly<Record<string, Readonly<Record<string, Side['serialize']>>>>;

function sideOf(operation: v1.Operation, side: 'request' | 'response'): Side {
  const method = methods[operation.charAt(0).toLowerCase() + operation.slice(1)];
  assert.equal(method?.['path'], grpc.grpcPath(operation));
  const deserialize = method[`${side}Deserialize`];
  const serialize = method[`${side}Serialize`];
  assert.ok(deserialize !== undefined && serialize !== undefined);
  return { deserialize, serialize };
}

/**
 * What the SDK's own reader and writer keep: they drop empty keys, assign `__proto__`, and write times before 1970 with
 * a negative fraction, which google.protobuf.Timestamp does not have.
 */
const isPlain = (model: unknown): boolean =>
  !/"(?:__proto__)?":|"(?:0|1[0-8]|19[0-6])\d+-\d\d-\d\dT/.test(JSON.stringify(model));

/** The SDK reads our bytes, and writes the same ones. */
function assertSame(side: Side, bytes: Uint8Array): void {
  const again = side.serialize(side.deserialize(Buffer.from(bytes)));
  assert.equal(Buffer.from(again).toString('hex'), Buffer.from(bytes).toString('hex'));
}

const requests: readonly [v1.TaskOperation, fc.Arbitrary<unknown>][] = [
  ['SendMessage', arbitraries.sendMessageRequest],
  ['SendStreamingMessage', arbitraries.sendMessageRequest],
  ['GetTask', arbitraries.getTaskRequest],
  ['ListTasks', arbitraries.listTasksRequest],
  ['CancelTask', arbitraries.cancelTaskRequest],
  ['SubscribeToTask', arbitraries.subscribeToTaskRequest],
];

describe('a request in protobuf', () => {
  for (const [operation, models] of requests) {
    it(`${operation}: our bytes are those of the SDK`, () => {
      fc.assert(
        fc.property(models.filter(isPlain), (request) => {
          const call = v1.decodeTaskOperation(operation, withTenant(request), limits);
          const bytes = grpc.encodeGrpcCall(call);
          assertSame(sideOf(operation, 'request'), bytes);
          const theirs = sideOf(operation, 'request').serialize(
            sideOf(operation, 'request').deserialize(Buffer.from(bytes)),
          );
          assert.deepEqual(grpc.decodeGrpcRequest(operation, theirs, limits), call);
        }),
      );
    });
  }

  const optional: readonly [v1.Operation, string, object][] = [
    [
      'CreateTaskPushNotificationConfig',
      'TaskPushNotificationConfig',
      { tenant: 'a/b', id: 'c', taskId: 't', url: 'u', token: 'k', authentication: { scheme: 's', credentials: 'x' } },
    ],
    ['GetTaskPushNotificationConfig', 'GetTaskPushNotificationConfigRequest', { tenant: 'a/b', taskId: 't', id: 'c' }],
    [
      'ListTaskPushNotificationConfigs',
      'ListTaskPushNotificationConfigsRequest',
      { tenant: 'a/b', taskId: 't', pageSize: 3, pageToken: 'p' },
    ],
    [
      'DeleteTaskPushNotificationConfig',
      'DeleteTaskPushNotificationConfigRequest',
      { tenant: 'a/b', taskId: 't', id: 'c' },
    ],
    ['GetExtendedAgentCard', 'GetExtendedAgentCardRequest', { tenant: 'a/b' }],
  ];
  for (const [operation, message, json] of optional) {
    it(`${operation}: our bytes are those of the SDK`, () => {
      assertSame(sideOf(operation, 'request'), grpc.writeMessage(message, json));
    });
  }
});

describe('an answer in protobuf', () => {
  const answers: readonly [v1.Operation, fc.Arbitrary<unknown>][] = [
    ['SendMessage', arbitraries.sendMessageResponse],
    ['SendStreamingMessage', arbitraries.streamResponse],
    ['SubscribeToTask', arbitraries.streamResponse],
    ['GetTask', arbitraries.task],
    ['CancelTask', arbitraries.task],
    ['ListTasks', arbitraries.listTasksResponse],
    ['GetExtendedAgentCard', arbitraries.agentCard.map((card) => parse(v1.encodeAgentCard(card)))],
    [
      'ListTaskPushNotificationConfigs',
      fc.constant({ configs: [{ id: 'c', taskId: 't', url: 'u' }], nextPageToken: 'n' }),
    ],
    ['CreateTaskPushNotificationConfig', fc.constant({ id: 'c', taskId: 't', url: 'u', token: 'k' })],
    ['GetTaskPushNotificationConfig', fc.constant({ tenant: 'a/b', taskId: 't', url: 'u' })],
    ['DeleteTaskPushNotificationConfig', fc.constant(null)],
  ];
  for (const [operation, models] of answers) {
    it(`${operation}: our bytes are those of the SDK`, () => {
      fc.assert(
        fc.property(models.filter(isPlain), (model) => {
          assertSame(sideOf(operation, 'response'), grpc.encodeGrpcAnswer(operation, JSON.stringify(model)));
        }),
      );
    });
  }
});

/** The wire's form of a model request. */
function withTenant(request: unknown): unknown {
  return JSON.parse(JSON.stringify(request), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('routingTag' in value)) return value;
    const { routingTag, ...rest } = value;
    return { tenant: routingTag, ...rest };
  });
}
