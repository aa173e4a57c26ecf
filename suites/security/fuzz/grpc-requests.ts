import { writeMessage } from '@colloquy/protocol/grpc';
import type { MessageJson } from '@colloquy/protocol/grpc';
import type { Draw } from '../seeded.ts';
import { pick } from './json-text.ts';
import type { FuzzRequest, Party } from './party.ts';

const requestNames: Readonly<Record<string, string>> = {
  SendMessage: 'SendMessageRequest',
  SendStreamingMessage: 'SendMessageRequest',
  GetTask: 'GetTaskRequest',
  ListTasks: 'ListTasksRequest',
  CancelTask: 'CancelTaskRequest',
  SubscribeToTask: 'SubscribeToTaskRequest',
  CreateTaskPushNotificationConfig: 'TaskPushNotificationConfig',
  GetTaskPushNotificationConfig: 'GetTaskPushNotificationConfigRequest',
  ListTaskPushNotificationConfigs: 'ListTaskPushNotificationConfigsRequest',
  DeleteTaskPushNotificationConfig: 'DeleteTaskPushNotificationConfigRequest',
  GetExtendedAgentCard: 'GetExtendedAgentCardRequest',
};

function messagesOf({ slug, taskId }: Party, draw: Draw): Readonly<Record<string, MessageJson>> {
  const tenant = `${slug}/worker`;
  const send = { tenant, message: { messageId: `g-${draw(1e9)}`, role: 'ROLE_USER', parts: [{ text: 'hello' }] } };
  const config = { tenant, taskId, id: 'config', url: 'https://receiver.invalid/hook', token: 'x' };
  return {
    SendMessage: send,
    SendStreamingMessage: send,
    GetTask: { tenant, id: taskId, historyLength: 1 },
    ListTasks: { tenant, contextId: 'context', pageSize: 3 },
    CancelTask: { tenant, id: taskId },
    SubscribeToTask: { tenant, id: taskId },
    CreateTaskPushNotificationConfig: config,
    GetTaskPushNotificationConfig: { tenant, taskId, id: 'config' },
    ListTaskPushNotificationConfigs: { tenant, taskId },
    DeleteTaskPushNotificationConfig: { tenant, taskId, id: 'config' },
    GetExtendedAgentCard: { tenant },
  };
}

/** A call of the gRPC binding whose message, frame, name or fields are changed. */
export function grpcRequest(party: Party, draw: Draw): FuzzRequest {
  const [operation, json] = pick(draw, Object.entries(messagesOf(party, draw)));
  const whole = writeMessage(requestNames[operation] ?? '', json);
  const message = draw(4) === 0 ? Buffer.from(whole) : changed(Buffer.from(whole), draw);
  const name =
    draw(20) === 0 ? pick(draw, ['', 'Nothing', `${operation}/x`, '%00', operation.toLowerCase()]) : operation;
  return {
    surface: 'gRPC',
    method: 'POST',
    path: `/lf.a2a.v1.A2AService/${name}`,
    headers: {
      'content-type': draw(20) === 0 ? pick(draw, ['application/grpc+json', 'application/json']) : 'application/grpc',
      te: 'trailers',
      ...(draw(20) === 0 ? { 'a2a-version': pick(draw, ['0.3', '', '9.9', 'x']) } : { 'a2a-version': '1.0' }),
      ...(draw(10) === 0 ? { 'grpc-timeout': pick(draw, ['1n', '99999999H', '-1S', 'x', '']) } : {}),
      ...(draw(20) === 0 ? { 'grpc-encoding': pick(draw, ['gzip', 'deflate', 'br', 'x']) } : {}),
    },
    body: framed(message, draw),
  };
}

function changed(bytes: Buffer, draw: Draw): Buffer {
  const at = draw(bytes.length + 1);
  const put = (more: Uint8Array): Buffer => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  switch (draw(8)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return put(Buffer.from([draw(256)]));
    case 2:
      return put(Buffer.alloc(11, 0xff));
    case 3:
      return Buffer.concat([bytes, bytes]);
    case 4:
      // A field of every number and wire type, with whatever length.
      return Buffer.concat([bytes, Buffer.from([draw(256), draw(256), draw(256), draw(256)])]);
    case 5:
      // Groups within groups.
      return Buffer.concat([bytes, Buffer.alloc(pick(draw, [10, 200, 10_000]), 0x0b)]);
    case 6:
      return Buffer.alloc(pick(draw, [0, 1, 5, 1_000]), draw(256));
    default:
      if (at < bytes.length) bytes[at] = draw(256);
      return bytes;
  }
}

function framed(message: Buffer, draw: Draw): Buffer {
  const prefix = Buffer.from([draw(25) === 0 ? pick(draw, [1, 2, 255]) : 0, 0, 0, 0, 0]);
  const length = draw(25) === 0 ? pick(draw, [0, message.length + 1, 0xffffffff, 5_000_000]) : message.length;
  prefix.writeUInt32BE(length, 1);
  const frame = Buffer.concat([prefix, message]);
  return draw(25) === 0 ? Buffer.concat([frame, frame]) : frame;
}
