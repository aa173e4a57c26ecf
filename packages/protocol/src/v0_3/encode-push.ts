import type { ListTaskPushNotificationConfigsResponse, TaskPushNotificationConfig } from '../model/index.ts';
import type { Dialect } from './names.ts';

/** A config with its task as JSON text: by its ids in JSON-RPC, by a resource name in HTTP+JSON. */
export function encodePushConfig(config: TaskPushNotificationConfig, dialect: Dialect): string {
  return JSON.stringify(wireTaskConfig(config, dialect));
}

/** All configs of a task as JSON text: an array in JSON-RPC. 0.3 has no pages there, so that of a larger list is lost. */
export function encodePushConfigs(
  { configs, nextPageToken }: ListTaskPushNotificationConfigsResponse,
  dialect: Dialect,
): string {
  const list = configs.map((config) => wireTaskConfig(config, dialect));
  return JSON.stringify(dialect === 'json' ? list : { configs: list, nextPageToken });
}

/** A config as an object of the wire, together with its task. */
export function wireTaskConfig(config: TaskPushNotificationConfig, dialect: Dialect): object {
  const { id = '', taskId = '' } = config;
  const name = `tasks/${taskId}/pushNotificationConfigs/${id}`;
  const pushNotificationConfig = wireConfig(config);
  return dialect === 'json' ? { taskId, pushNotificationConfig } : { name, pushNotificationConfig };
}

/** A `PushNotificationConfig` as an object of the wire. */
export function wireConfig({ id, url, token, authentication }: TaskPushNotificationConfig): object {
  const { scheme, credentials } = authentication ?? {};
  return { id, url, token, authentication: scheme === undefined ? undefined : { schemes: [scheme], credentials } };
}
