import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AuthenticationInfo,
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
  TaskPushNotificationConfig,
} from '../model/index.ts';

/** Reads a `PushNotificationConfig` in place. */
export function pushConfigFrom(fields: Fields): TaskPushNotificationConfig {
  return present<TaskPushNotificationConfig>({
    routingTag: undefined,
    id: fields.optionalId('id'),
    taskId: undefined,
    url: fields.requiredString('url'),
    token: fields.optionalString('token'),
    authentication: fields.object('authentication', authenticationFrom),
  });
}

/** Decodes a `TaskPushNotificationConfig`. A config without an id has its task's, as in the time of one for each task. Throws {@link DecodeError}. */
export function decodePushConfig(value: unknown, limits: DecodeLimits): TaskPushNotificationConfig {
  return decodeObject(value, limits, (fields) => {
    const taskId = fields.requiredId('taskId');
    const { id, url, ...rest } = fields.requiredObject('pushNotificationConfig', pushConfigFrom);
    return { id: id ?? taskId, taskId, url, ...rest };
  });
}

/**
 * Decodes `GetTaskPushNotificationConfigParams`. Over gRPC and HTTP+JSON a client of 0.3 cannot leave the config's id out, so clients ask for
 * `default` where they gave the config no id. Throws {@link DecodeError}.
 */
export function decodeGetPushConfigRequest(value: unknown, limits: DecodeLimits): GetTaskPushNotificationConfigRequest {
  return decodeObject(value, limits, (fields) => {
    const taskId = fields.requiredId('id');
    const id = fields.optionalId('pushNotificationConfigId') ?? taskId;
    return id === 'default' ? { taskId, id, fallbackId: taskId } : { taskId, id };
  });
}

/** Decodes `DeleteTaskPushNotificationConfigParams`. Throws {@link DecodeError}. */
export function decodeDeletePushConfigRequest(
  value: unknown,
  limits: DecodeLimits,
): DeleteTaskPushNotificationConfigRequest {
  return decodeObject(value, limits, (fields) => ({
    taskId: fields.requiredId('id'),
    id: fields.requiredId('pushNotificationConfigId'),
  }));
}

/** Decodes `ListTaskPushNotificationConfigParams`. Throws {@link DecodeError}. */
export function decodeListPushConfigsRequest(
  value: unknown,
  limits: DecodeLimits,
): ListTaskPushNotificationConfigsRequest {
  return decodeObject(value, limits, (fields) => ({ taskId: fields.requiredId('id') }));
}

/** 1.0 has room for one scheme: the first. */
function authenticationFrom(fields: Fields): AuthenticationInfo {
  const schemes = fields.strings('schemes');
  if (schemes === undefined) fields.violate('schemes', 'must have one element at least');
  return present<AuthenticationInfo>({
    scheme: schemes?.[0] ?? '',
    credentials: fields.optionalString('credentials'),
  });
}
