import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  CancelTaskRequest,
  GetTaskRequest,
  SendMessageConfiguration,
  SendMessageRequest,
  SubscribeToTaskRequest,
} from '../model/index.ts';
import { messageFrom } from './decode-message.ts';
import { pushConfigFrom } from './push-config.ts';

/**
 * Decodes the params of tasks/send and tasks/sendSubscribe. The task id, which callers of this wire choose, becomes the message's
 * `taskId`; a session is a context. The message has an empty id, since it has none of its own. Throws {@link DecodeError}.
 */
export function decodeSendParams(value: unknown, limits: DecodeLimits): SendMessageRequest {
  return decodeObject(value, limits, (fields) => {
    const taskId = fields.requiredId('id');
    const contextId = fields.optionalId('sessionId');
    const message = fields.requiredObject(
      'message',
      messageFrom(() => ''),
    );
    const configuration = configurationFrom(fields, taskId);
    return present<SendMessageRequest>({
      routingTag: undefined,
      message: { ...message, ...(contextId === undefined ? {} : { contextId }), taskId },
      configuration: Object.keys(configuration).length === 0 ? undefined : configuration,
      metadata: fields.struct('metadata'),
    });
  });
}

/** Decodes the params of tasks/get. Throws {@link DecodeError}. */
export function decodeGetParams(value: unknown, limits: DecodeLimits): GetTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<GetTaskRequest>({
      routingTag: undefined,
      id: fields.requiredId('id'),
      historyLength: fields.int32('historyLength', { min: 0 }),
    }),
  );
}

/** Decodes the params of tasks/cancel. Throws {@link DecodeError}. */
export function decodeCancelParams(value: unknown, limits: DecodeLimits): CancelTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<CancelTaskRequest>({
      routingTag: undefined,
      id: fields.requiredId('id'),
      metadata: fields.struct('metadata'),
    }),
  );
}

/** Decodes the params of tasks/resubscribe. Throws {@link DecodeError}. */
export function decodeResubscribeParams(value: unknown, limits: DecodeLimits): SubscribeToTaskRequest {
  return decodeObject(value, limits, (fields) => ({ id: fields.requiredId('id') }));
}

/** A send of this wire is answered when the task rests; its history is left out unless a length is given. */
function configurationFrom(fields: Fields, taskId: string): SendMessageConfiguration {
  return present<SendMessageConfiguration>({
    acceptedOutputModes: fields.strings('acceptedOutputModes'),
    taskPushNotificationConfig: fields.object('pushNotification', (config) => pushConfigFrom(config, taskId)),
    historyLength: fields.int32('historyLength', { min: 0 }),
    returnImmediately: undefined,
  });
}
