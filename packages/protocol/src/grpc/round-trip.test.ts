/** Guarantee: what one side writes as protobuf the other reads as the same model, whatever the operation, and every error keeps its meaning. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { errorNameByGrpcCode, errorTable, grpcStatusCodes } from '../errors/index.ts';
import type { A2aErrorName, WireError } from '../errors/index.ts';
import type { OperationRequest, TaskOperationRequest } from '../model/index.ts';
import * as v1 from '../v1/index.ts';
import * as codec from './index.ts';

const limits = v1.defaultDecodeLimits;

/** The random model as ordinary objects: fast-check also makes some without a prototype. */
const plain = (model: unknown): unknown => JSON.parse(JSON.stringify(model));

const requests: Readonly<Record<string, fc.Arbitrary<TaskOperationRequest>>> = {
  SendMessage: arbitraries.sendMessageRequest.map((request) => ({ operation: 'SendMessage', request })),
  SendStreamingMessage: arbitraries.sendMessageRequest.map((request) => ({
    operation: 'SendStreamingMessage',
    request,
  })),
  GetTask: arbitraries.getTaskRequest.map((request) => ({ operation: 'GetTask', request })),
  ListTasks: arbitraries.listTasksRequest.map((request) => ({ operation: 'ListTasks', request })),
  CancelTask: arbitraries.cancelTaskRequest.map((request) => ({ operation: 'CancelTask', request })),
  SubscribeToTask: arbitraries.subscribeToTaskRequest.map((request) => ({ operation: 'SubscribeToTask', request })),
};

describe('a request', () => {
  for (const [operation, calls] of Object.entries(requests)) {
    it(`of ${operation} is read as it was written`, () => {
      fc.assert(
        fc.property(calls, (call) => {
          const bytes = codec.encodeGrpcCall(call);
          assert.deepEqual(codec.decodeGrpcRequest(call.operation, bytes, limits), plain(call));
        }),
      );
    });
  }

  const push = { id: 'c', taskId: 't', url: 'https://x.example/', token: 'k', authentication: { scheme: 'Bearer' } };
  const optional: readonly [string, OperationRequest][] = [
    [
      'TaskPushNotificationConfig',
      { operation: 'CreateTaskPushNotificationConfig', request: { routingTag: 'a/b', ...push } },
    ],
    [
      'GetTaskPushNotificationConfigRequest',
      { operation: 'GetTaskPushNotificationConfig', request: { routingTag: 'a/b', taskId: 't', id: 'c' } },
    ],
    [
      'ListTaskPushNotificationConfigsRequest',
      { operation: 'ListTaskPushNotificationConfigs', request: { taskId: 't', pageSize: 7, pageToken: 'p' } },
    ],
    [
      'DeleteTaskPushNotificationConfigRequest',
      { operation: 'DeleteTaskPushNotificationConfig', request: { taskId: 't', id: 'c' } },
    ],
    ['GetExtendedAgentCardRequest', { operation: 'GetExtendedAgentCard', request: { routingTag: 'a/b' } }],
    ['GetExtendedAgentCardRequest', { operation: 'GetExtendedAgentCard', request: {} }],
  ];
  for (const [message, call] of optional) {
    it(`of ${call.operation} is read as it was written: ${JSON.stringify(call.request)}`, () => {
      const { routingTag, ...fields } = call.request;
      const bytes = codec.writeMessage(message, routingTag === undefined ? fields : { tenant: routingTag, ...fields });
      assert.deepEqual(codec.decodeGrpcRequest(call.operation, bytes, limits), call);
    });
  }
});

describe('an answer', () => {
  const value = <T>(outcome: v1.ClientOutcome<T>): T => {
    if (outcome.kind !== 'value') assert.fail(JSON.stringify(outcome));
    return outcome.value;
  };

  it('of SendMessage, GetTask, CancelTask and ListTasks is read as it was written', () => {
    fc.assert(
      fc.property(
        arbitraries.sendMessageResponse,
        arbitraries.task,
        arbitraries.listTasksResponse,
        (sent, task, page) => {
          const sentBytes = codec.encodeGrpcAnswer('SendMessage', v1.encodeSendMessageResponse(sent));
          assert.deepEqual(value(codec.decodeGrpcAnswer('SendMessage', sentBytes, limits)), plain(sent));
          const taskBytes = codec.encodeGrpcAnswer('GetTask', v1.encodeTask(task));
          assert.deepEqual(value(codec.decodeGrpcAnswer('GetTask', taskBytes, limits)), plain(task));
          assert.deepEqual(value(codec.decodeGrpcAnswer('CancelTask', taskBytes, limits)), plain(task));
          const pageBytes = codec.encodeGrpcAnswer('ListTasks', v1.encodeListTasksResponse(page));
          assert.deepEqual(value(codec.decodeGrpcAnswer('ListTasks', pageBytes, limits)), plain(page));
        },
      ),
    );
  });

  it('in a stream is read as it was written', () => {
    fc.assert(
      fc.property(arbitraries.streamResponse, (item) => {
        const bytes = codec.encodeGrpcAnswer('SendStreamingMessage', v1.encodeStreamResponse(item));
        assert.deepEqual(bytes, codec.encodeGrpcAnswer('SubscribeToTask', v1.encodeStreamResponse(item)));
        assert.deepEqual(value(codec.decodeGrpcStreamItem(bytes, limits)), plain(item));
      }),
    );
  });

  it('that is a card is read as it was written', () => {
    fc.assert(
      fc.property(arbitraries.agentCard, (card) => {
        const bytes = codec.encodeGrpcAnswer('GetExtendedAgentCard', v1.encodeAgentCard(card));
        const json = codec.readMessage('AgentCard', bytes, limits);
        assert.deepEqual(v1.decodeAgentCard(json, limits), plain(card));
      }),
    );
  });

  it('of the push operations has the same members in protobuf as in JSON', () => {
    const config = { id: 'c', taskId: 't', url: 'https://x.example/', authentication: { scheme: 'Bearer' } };
    const list = { configs: [config], nextPageToken: 'next' };
    for (const operation of ['CreateTaskPushNotificationConfig', 'GetTaskPushNotificationConfig'] as const) {
      const bytes = codec.encodeGrpcAnswer(operation, JSON.stringify(config));
      assert.deepEqual(codec.readMessage('TaskPushNotificationConfig', bytes, limits), config);
    }
    const listBytes = codec.encodeGrpcAnswer('ListTaskPushNotificationConfigs', JSON.stringify(list));
    assert.deepEqual(codec.readMessage('ListTaskPushNotificationConfigsResponse', listBytes, limits), list);
    assert.equal(codec.encodeGrpcAnswer('DeleteTaskPushNotificationConfig', 'null').length, 0);
  });
});

describe('an error', () => {
  const names = Object.keys(errorTable) as A2aErrorName[];

  for (const name of names) {
    it(`${name} has the status of the table, and is known again by its reason where it has one`, () => {
      const error: WireError = {
        name,
        message: 'ünmöglich',
        metadata: { taskId: 'tsk_1' },
        violations: [{ field: 'message.parts[0]', description: 'must be there' }],
        info: { reason: 'task.unknown', domain: 'colloquy', metadata: { requestId: 'req_1' } },
        retryAfterMs: 1500,
      };
      const { code, message, statusDetails } = codec.grpcError(error);
      const { grpcStatus, reason } = errorTable[name];
      assert.equal(code, grpcStatusCodes[grpcStatus]);
      assert.equal(message, error.message);
      const peer = codec.parseGrpcStatus({ code, message, statusDetails });
      assert.equal(peer.reason, reason ?? 'task.unknown');
      assert.equal(peer.code, code);
      assert.equal(peer.name, reason === undefined ? errorNameByGrpcCode[code] : name);
      // What a refusal means to the caller survives the way back, apart from what gRPC has one status for.
      if (reason === undefined) assert.equal(errorTable[peer.name].grpcStatus, grpcStatus);
    });
  }

  it('has a name for each of the 17 statuses, and one of a number that is none', () => {
    for (let code = 0; code <= 16; code += 1) {
      const { name } = codec.parseGrpcStatus({ code, message: '' });
      assert.notEqual(errorTable[name], undefined);
    }
    assert.equal(codec.parseGrpcStatus({ code: 99, message: '' }).name, 'InternalError');
    assert.equal(codec.parseGrpcStatus({ code: -1, message: '' }).name, 'InternalError');
  });

  it('is read whatever its details are, and keeps its bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), fc.integer(), (statusDetails, message, code) => {
        const peer = codec.parseGrpcStatus({ code, message: message.repeat(500), statusDetails });
        assert.ok(peer.message.length <= 2_000 && peer.message.isWellFormed());
      }),
    );
  });
});
