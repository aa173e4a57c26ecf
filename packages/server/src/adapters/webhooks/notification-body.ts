import type { Task } from '@colloquy/protocol';
import { encodeTask as encodeTask01 } from '@colloquy/protocol/v0_1';
import { encodeTask as encodeTask03 } from '@colloquy/protocol/v0_3';
import { a2aJsonType } from '@colloquy/protocol/v1';
import type { WebhookCall } from '../../modules/deliveries/index.ts';

/** A notification in the words of one version of A2A. */
export interface NotificationBody {
  readonly contentType: string;
  readonly text: string;
}

/** How versions before 1.0 write a task to the receiver of a notification. */
const encoders: ReadonlyMap<string, (task: Task, configId: string) => string> = new Map([
  ['0.3', (task) => encodeTask03(task, 'json')],
  ['0.1', (task, configId) => encodeTask01(task, configId)],
]);

/** The body of a notification: one StreamResponse as in the log (A2A 1.0 section 4.3.3), or the task in the form of an older version. */
export function notificationBody({
  json,
  task,
  configId,
  protocolVersion,
}: Pick<WebhookCall, 'json' | 'task' | 'configId' | 'protocolVersion'>): NotificationBody {
  const encode = encoders.get(protocolVersion);
  if (encode === undefined || task === null) return { contentType: a2aJsonType, text: json };
  return { contentType: 'application/json', text: encode(task, configId) };
}
