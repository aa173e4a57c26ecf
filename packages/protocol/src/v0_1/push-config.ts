import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  AuthenticationInfo,
  GetTaskPushNotificationConfigRequest,
  TaskPushNotificationConfig,
} from '../model/index.ts';

/** Decodes the params of tasks/pushNotification/set. Throws {@link DecodeError}. */
export function decodeSetPushParams(value: unknown, limits: DecodeLimits): TaskPushNotificationConfig {
  return decodeObject(value, limits, (fields) => {
    const taskId = fields.requiredId('id');
    const config = fields.requiredObject('pushNotificationConfig', (inner) => pushConfigFrom(inner, taskId));
    return { ...config, taskId };
  });
}

/** Decodes the params of tasks/pushNotification/get. Throws {@link DecodeError}. */
export function decodeGetPushParams(value: unknown, limits: DecodeLimits): GetTaskPushNotificationConfigRequest {
  return decodeObject(value, limits, (fields) => {
    const taskId = fields.requiredId('id');
    return { taskId, id: taskId };
  });
}

/** Reads a push notification config in place. A task has one on this wire, so the task's id is the config's as well. */
export function pushConfigFrom(fields: Fields, id: string): TaskPushNotificationConfig {
  return present<TaskPushNotificationConfig>({
    routingTag: undefined,
    id,
    taskId: undefined,
    url: fields.requiredString('url'),
    token: fields.optionalString('token'),
    authentication: fields.object('authentication', authenticationFrom),
  });
}

/** Of several schemes the first is used. */
function authenticationFrom(fields: Fields): AuthenticationInfo {
  const [scheme] = fields.strings('schemes') ?? [];
  if (scheme === undefined || scheme === '') fields.violate('schemes', 'must have one element at least');
  return present<AuthenticationInfo>({ scheme: scheme ?? '', credentials: fields.optionalString('credentials') });
}

/** A config as tasks/pushNotification/set and get answer it, as JSON text. `taskId` is the caller's name of the task. */
export function encodePushConfig({ url, token, authentication }: TaskPushNotificationConfig, taskId: string): string {
  return JSON.stringify({
    id: taskId,
    pushNotificationConfig: {
      url,
      ...(token === undefined ? {} : { token }),
      ...(authentication === undefined ? {} : { authentication: authenticationOf(authentication) }),
    },
  });
}

function authenticationOf({ scheme, credentials }: AuthenticationInfo): object {
  return { schemes: [scheme], ...(credentials === undefined ? {} : { credentials }) };
}
