import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageConfiguration,
  SendMessageRequest,
  SubscribeToTaskRequest,
} from '../model/index.ts';
import { pushConfigFrom } from './decode-push.ts';
import { messageFrom } from './decode-task.ts';
import type { Dialect } from './names.ts';

/** The largest page of a list over HTTP+JSON; 0.3 names none, so it is 1.0's. */
const listPageSizeMax = 100;

/** Decodes `MessageSendParams`. 0.3 has no routing tag. Throws {@link DecodeError}. */
export function decodeSendMessageRequest(value: unknown, limits: DecodeLimits, dialect: Dialect): SendMessageRequest {
  // A configuration that is absent in the proto is the empty one, whose `blocking` is false.
  const absent = dialect === 'proto' ? { returnImmediately: true } : undefined;
  return decodeObject(value, limits, (fields) =>
    present<SendMessageRequest>({
      routingTag: undefined,
      message: fields.requiredObject('message', (message) => messageFrom(message, dialect)),
      configuration:
        fields.object('configuration', (configuration) => configurationFrom(configuration, dialect)) ?? absent,
      metadata: fields.struct('metadata'),
    }),
  );
}

/** Decodes `TaskQueryParams`. Throws {@link DecodeError}. */
export function decodeGetTaskRequest(value: unknown, limits: DecodeLimits): GetTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<GetTaskRequest>({
      routingTag: undefined,
      id: fields.requiredId('id'),
      historyLength: fields.int32('historyLength', { min: 0 }),
    }),
  );
}

/** Decodes the query of a list over HTTP+JSON; JSON-RPC of 0.3 has none. Throws {@link DecodeError}. */
export function decodeListTasksRequest(value: unknown, limits: DecodeLimits): ListTasksRequest {
  return decodeObject(value, limits, (fields) =>
    present<ListTasksRequest>({
      routingTag: undefined,
      contextId: fields.optionalId('contextId'),
      status: undefined,
      pageSize: fields.int32('pageSize', { min: 1, max: listPageSizeMax }),
      pageToken: undefined,
      historyLength: fields.int32('historyLength', { min: 0 }),
      statusTimestampAfter: undefined,
      includeArtifacts: true,
    }),
  );
}

/** Decodes `TaskIdParams` of `tasks/cancel`. Throws {@link DecodeError}. */
export function decodeCancelTaskRequest(value: unknown, limits: DecodeLimits): CancelTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<CancelTaskRequest>({
      routingTag: undefined,
      id: fields.requiredId('id'),
      metadata: fields.struct('metadata'),
    }),
  );
}

/** Decodes `TaskIdParams` of `tasks/resubscribe`. Throws {@link DecodeError}. */
export function decodeSubscribeToTaskRequest(value: unknown, limits: DecodeLimits): SubscribeToTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<SubscribeToTaskRequest>({ routingTag: undefined, id: fields.requiredId('id') }),
  );
}

/** A configuration that does not ask to block asks for an answer at once. */
function configurationFrom(fields: Fields, dialect: Dialect): SendMessageConfiguration {
  // The proto calls it push_notification; its int32 has no presence, and 0 means all.
  const isProtoName = dialect === 'proto' && fields.value('pushNotificationConfig') === undefined;
  const historyLength = fields.int32('historyLength', { min: 0 });
  return present<SendMessageConfiguration>({
    acceptedOutputModes: fields.strings('acceptedOutputModes'),
    taskPushNotificationConfig: fields.object(isProtoName ? 'pushNotification' : 'pushNotificationConfig', (config) =>
      pushConfigFrom(config, dialect),
    ),
    historyLength: dialect === 'proto' && historyLength === 0 ? undefined : historyLength,
    returnImmediately: fields.flag('blocking') === true ? undefined : true,
  });
}
