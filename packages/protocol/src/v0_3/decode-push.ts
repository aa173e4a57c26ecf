import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AuthenticationInfo,
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
  TaskPushNotificationConfig,
} from '../model/index.ts';
import type { Dialect } from './names.ts';

/** Reads a `PushNotificationConfig` in place. */
export function pushConfigFrom(fields: Fields, dialect: Dialect): TaskPushNotificationConfig {
  return present<TaskPushNotificationConfig>({
    routingTag: undefined,
    id: fields.optionalId('id'),
    taskId: undefined,
    url: fields.requiredString('url'),
    token: fields.optionalString('token'),
    authentication: fields.object('authentication', (info) => authenticationFrom(info, dialect)),
  });
}

/** Decodes a `TaskPushNotificationConfig`. A config without an id has its task's, as in the time of one for each task. Throws {@link DecodeError}. */
export function decodePushConfig(value: unknown, limits: DecodeLimits, dialect: Dialect): TaskPushNotificationConfig {
  return decodeObject(value, limits, (fields) => {
    const taskId = fields.requiredId('taskId');
    const { id, url, ...rest } = fields.requiredObject('pushNotificationConfig', (config) =>
      pushConfigFrom(config, dialect),
    );
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

/** 1.0 has room for one scheme: the first. Clients of the proto write an empty message where they have no authentication. */
function authenticationFrom(fields: Fields, dialect: Dialect): AuthenticationInfo | undefined {
  const schemes = fields.strings('schemes');
  const credentials = fields.optionalString('credentials');
  if (dialect === 'proto' && schemes === undefined && credentials === undefined) return undefined;
  if (schemes === undefined) fields.violate('schemes', 'must have one element at least');
  return present<AuthenticationInfo>({ scheme: schemes?.[0] ?? '', credentials });
}
