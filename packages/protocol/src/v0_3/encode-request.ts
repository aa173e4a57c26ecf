import type { OperationRequest, SendMessageRequest } from '../model/index.ts';
import { wireConfig, wireTaskConfig } from './encode-push.ts';
import { wireMessage } from './encode-task.ts';
import type { Dialect } from './names.ts';

/** `MessageSendParams` as an object of the wire. Blocking is always said: peers disagree about its default. */
export function wireSend({ message, configuration, metadata }: SendMessageRequest, dialect: Dialect): object {
  const {
    acceptedOutputModes,
    taskPushNotificationConfig: push,
    historyLength,
    returnImmediately,
  } = configuration ?? {};
  const config = push === undefined ? undefined : wireConfig(push);
  return {
    message: wireMessage(message, dialect),
    configuration: {
      // Required before 0.3.
      acceptedOutputModes: acceptedOutputModes ?? [],
      historyLength,
      ...(dialect === 'json' ? { pushNotificationConfig: config } : { pushNotification: config }),
      blocking: returnImmediately !== true,
    },
    metadata,
  };
}

/** The params of any operation as an object of JSON-RPC; undefined for those without. `routingTag` has no place in 0.3. */
export function wireParams(call: OperationRequest): object | undefined {
  switch (call.operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return wireSend(call.request, 'json');
    case 'GetTask':
      return { id: call.request.id, historyLength: call.request.historyLength };
    case 'CancelTask':
      return { id: call.request.id, metadata: call.request.metadata };
    case 'SubscribeToTask':
      return { id: call.request.id };
    case 'CreateTaskPushNotificationConfig':
      return wireTaskConfig(call.request, 'json');
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
      return { id: call.request.taskId, pushNotificationConfigId: call.request.id };
    case 'ListTaskPushNotificationConfigs':
      return { id: call.request.taskId };
    default:
      return undefined;
  }
}
