import type { JsonObject, Task } from '../model/index.ts';
import { wireTask } from './encode-task.ts';
import type { TaskView } from './encode-task.ts';
import type { AcpRpcEvent } from './names.ts';

/** Every status of a stream. */
export const streamStatuses = ['ACTIVE', 'PAUSED', 'CLOSED'] as const;

/** A live session between agents (`StreamObject`). */
export interface AcpRpcStream {
  readonly streamId: string;
  readonly status: (typeof streamStatuses)[number];
  readonly participants: readonly string[];
  readonly createdAt?: string;
  readonly closedAt?: string;
  readonly metadata?: JsonObject;
}

/** A subscription to the events of a task (`SubscriptionObject`). */
export interface AcpRpcSubscription {
  readonly subscriptionId: string;
  readonly taskId: string;
  readonly callbackUrl: string;
  readonly events: readonly AcpRpcEvent[];
  readonly createdAt?: string;
  readonly active?: boolean;
}

/** The result of `tasks.create` and `tasks.get` as JSON text. */
export function encodeTaskResult(task: Task, view: TaskView): string {
  return JSON.stringify({ type: 'task', task: wireTask(task, view) });
}

/** The result of `stream.start` as JSON text. */
export function encodeStreamResult(stream: AcpRpcStream): string {
  return JSON.stringify({ type: 'stream', stream });
}

/** The result of `tasks.subscribe` as JSON text. */
export function encodeSubscriptionResult(subscription: AcpRpcSubscription): string {
  return JSON.stringify({ type: 'subscription', subscription });
}

/** The result of a method that only succeeds (`success`), or of a notification with an id, as JSON text. */
export function encodeMessageResult(type: 'success' | 'notification', message: string): string {
  return JSON.stringify({ type, message });
}
