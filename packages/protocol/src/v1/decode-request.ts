import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageConfiguration,
  SendMessageRequest,
  SubscribeToTaskRequest,
  TaskState,
} from '../model/index.ts';
import { taskStates } from '../model/index.ts';
import { messageFrom } from './decode-message.ts';
import { pushConfigFrom } from './decode-push.ts';

/** The largest page of ListTasks (A2A 1.0 section 3.1.4). */
export const listTasksPageSizeMax = 100;

/** The page of a ListTasks that names none (A2A 1.0 section 3.1.4). */
export const listTasksPageSizeDefault = 50;

/** Decodes the params of SendMessage and SendStreamingMessage. Throws {@link DecodeError}. */
export function decodeSendMessageRequest(value: unknown, limits: DecodeLimits): SendMessageRequest {
  return decodeObject(value, limits, (fields) =>
    present<SendMessageRequest>({
      routingTag: fields.optionalId('tenant'),
      message: fields.requiredObject('message', messageFrom),
      configuration: fields.object('configuration', configurationFrom),
      metadata: fields.struct('metadata'),
    }),
  );
}

/** Decodes the params of GetTask. Throws {@link DecodeError}. */
export function decodeGetTaskRequest(value: unknown, limits: DecodeLimits): GetTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<GetTaskRequest>({
      routingTag: fields.optionalId('tenant'),
      id: fields.requiredId('id'),
      historyLength: fields.int32('historyLength', { min: 0 }),
    }),
  );
}

/** Decodes the params of ListTasks. An unspecified status means no filter. Throws {@link DecodeError}. */
export function decodeListTasksRequest(value: unknown, limits: DecodeLimits): ListTasksRequest {
  return decodeObject(value, limits, (fields) =>
    present<ListTasksRequest>({
      routingTag: fields.optionalId('tenant'),
      contextId: fields.optionalId('contextId'),
      status: statusFilterFrom(fields),
      pageSize: fields.int32('pageSize', { min: 1, max: listTasksPageSizeMax }),
      pageToken: fields.optionalString('pageToken'),
      historyLength: fields.int32('historyLength', { min: 0 }),
      statusTimestampAfter: fields.timestamp('statusTimestampAfter'),
      includeArtifacts: fields.boolean('includeArtifacts'),
    }),
  );
}

/** Decodes the params of CancelTask. Throws {@link DecodeError}. */
export function decodeCancelTaskRequest(value: unknown, limits: DecodeLimits): CancelTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<CancelTaskRequest>({
      routingTag: fields.optionalId('tenant'),
      id: fields.requiredId('id'),
      metadata: fields.struct('metadata'),
    }),
  );
}

/** Decodes the params of SubscribeToTask. Throws {@link DecodeError}. */
export function decodeSubscribeToTaskRequest(value: unknown, limits: DecodeLimits): SubscribeToTaskRequest {
  return decodeObject(value, limits, (fields) =>
    present<SubscribeToTaskRequest>({ routingTag: fields.optionalId('tenant'), id: fields.requiredId('id') }),
  );
}

function statusFilterFrom(fields: Fields): TaskState | undefined {
  const state = fields.enumeration('status', taskStates);
  return state === 'TASK_STATE_UNSPECIFIED' ? undefined : state;
}

function configurationFrom(fields: Fields): SendMessageConfiguration {
  return present<SendMessageConfiguration>({
    acceptedOutputModes: fields.strings('acceptedOutputModes'),
    taskPushNotificationConfig: fields.object('taskPushNotificationConfig', pushConfigFrom),
    historyLength: fields.int32('historyLength', { min: 0 }),
    returnImmediately: fields.flag('returnImmediately'),
  });
}
