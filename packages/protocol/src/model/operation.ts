import type {
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
  TaskPushNotificationConfig,
} from './request.ts';

/** The operations on messages and tasks, under their names of A2A 1.0. Every wire version's own names mean some of these. */
export const taskOperations = [
  'SendMessage',
  'SendStreamingMessage',
  'GetTask',
  'ListTasks',
  'CancelTask',
  'SubscribeToTask',
] as const;

/** Operations behind a card capability (push notifications, extended card). */
export const optionalOperations = [
  'CreateTaskPushNotificationConfig',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
  'DeleteTaskPushNotificationConfig',
  'GetExtendedAgentCard',
] as const;

/** An operation on messages and tasks. */
export type TaskOperation = (typeof taskOperations)[number];

/** Any operation of A2A 1.0. */
export type Operation = TaskOperation | (typeof optionalOperations)[number];

/** A decoded request of a task operation. */
export type TaskOperationRequest =
  | { readonly operation: 'SendMessage' | 'SendStreamingMessage'; readonly request: SendMessageRequest }
  | { readonly operation: 'GetTask'; readonly request: GetTaskRequest }
  | { readonly operation: 'ListTasks'; readonly request: ListTasksRequest }
  | { readonly operation: 'CancelTask'; readonly request: CancelTaskRequest }
  | { readonly operation: 'SubscribeToTask'; readonly request: SubscribeToTaskRequest };

/** A decoded request with its operation, whatever wire it came over. */
export type OperationRequest =
  | TaskOperationRequest
  | { readonly operation: 'CreateTaskPushNotificationConfig'; readonly request: TaskPushNotificationConfig }
  | { readonly operation: 'GetTaskPushNotificationConfig'; readonly request: GetTaskPushNotificationConfigRequest }
  | { readonly operation: 'ListTaskPushNotificationConfigs'; readonly request: ListTaskPushNotificationConfigsRequest }
  | {
      readonly operation: 'DeleteTaskPushNotificationConfig';
      readonly request: DeleteTaskPushNotificationConfigRequest;
    }
  | { readonly operation: 'GetExtendedAgentCard'; readonly request: GetExtendedAgentCardRequest };

const taskOperationNames: ReadonlySet<string> = new Set(taskOperations);

/** Whether an operation is on messages and tasks, and so behind no card capability. */
export function isTaskOperation(operation: Operation): operation is TaskOperation {
  return taskOperationNames.has(operation);
}

/** Whether an operation answers with a stream. */
export function isStreaming(operation: Operation): boolean {
  return operation === 'SendStreamingMessage' || operation === 'SubscribeToTask';
}
