import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AuthenticationInfo,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
  TaskPushNotificationConfig,
} from '../model/index.ts';

/** Decodes the params of CreateTaskPushNotificationConfig, which name their task. Throws {@link DecodeError}. */
export function decodePushConfig(value: unknown, limits: DecodeLimits): TaskPushNotificationConfig {
  return decodeObject(value, limits, (fields) => {
    if (fields.optionalId('taskId') === undefined) fields.requiredId('taskId');
    return pushConfigFrom(fields);
  });
}

/** Reads a `TaskPushNotificationConfig` in place. Inside a send it names no task. */
export function pushConfigFrom(fields: Fields): TaskPushNotificationConfig {
  return present<TaskPushNotificationConfig>({
    routingTag: fields.optionalId('tenant'),
    id: fields.optionalId('id'),
    taskId: fields.optionalId('taskId'),
    url: fields.requiredString('url'),
    token: fields.optionalString('token'),
    authentication: fields.object('authentication', authenticationFrom),
  });
}

/** Decodes the params of GetTaskPushNotificationConfig. Throws {@link DecodeError}. */
export function decodeGetPushConfigRequest(value: unknown, limits: DecodeLimits): GetTaskPushNotificationConfigRequest {
  return decodeObject(value, limits, configNameFrom);
}

/** Decodes the params of DeleteTaskPushNotificationConfig. Throws {@link DecodeError}. */
export function decodeDeletePushConfigRequest(
  value: unknown,
  limits: DecodeLimits,
): DeleteTaskPushNotificationConfigRequest {
  return decodeObject(value, limits, configNameFrom);
}

/** Decodes the params of ListTaskPushNotificationConfigs. Throws {@link DecodeError}. */
export function decodeListPushConfigsRequest(
  value: unknown,
  limits: DecodeLimits,
): ListTaskPushNotificationConfigsRequest {
  return decodeObject(value, limits, (fields) =>
    present<ListTaskPushNotificationConfigsRequest>({
      routingTag: fields.optionalId('tenant'),
      taskId: fields.requiredId('taskId'),
      pageSize: fields.int32('pageSize', { min: 0 }),
      pageToken: fields.optionalString('pageToken'),
    }),
  );
}

/** Decodes the params of GetExtendedAgentCard, which may be left out. Throws {@link DecodeError}. */
export function decodeExtendedCardRequest(value: unknown, limits: DecodeLimits): GetExtendedAgentCardRequest {
  return decodeObject(value ?? {}, limits, (fields) =>
    present<GetExtendedAgentCardRequest>({ routingTag: fields.optionalId('tenant') }),
  );
}

function configNameFrom(fields: Fields): GetTaskPushNotificationConfigRequest {
  return present<GetTaskPushNotificationConfigRequest>({
    routingTag: fields.optionalId('tenant'),
    taskId: fields.requiredId('taskId'),
    id: fields.requiredId('id'),
    fallbackId: undefined,
  });
}

function authenticationFrom(fields: Fields): AuthenticationInfo {
  return present<AuthenticationInfo>({
    scheme: fields.requiredString('scheme'),
    credentials: fields.optionalString('credentials'),
  });
}
