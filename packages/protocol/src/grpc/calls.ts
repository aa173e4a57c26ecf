import type { Operation } from '../model/index.ts';

/** The service of A2A 1.0's gRPC binding. Its name has the major version, so there is no other under it. */
export const grpcService = 'lf.a2a.v1.A2AService';

interface CallShape {
  readonly request: string;
  readonly answer: string;
}

/** The messages of each operation; two of them answer with a stream of theirs. */
export const callShapes: Readonly<Record<Operation, CallShape>> = {
  SendMessage: { request: 'SendMessageRequest', answer: 'SendMessageResponse' },
  SendStreamingMessage: { request: 'SendMessageRequest', answer: 'StreamResponse' },
  GetTask: { request: 'GetTaskRequest', answer: 'Task' },
  ListTasks: { request: 'ListTasksRequest', answer: 'ListTasksResponse' },
  CancelTask: { request: 'CancelTaskRequest', answer: 'Task' },
  SubscribeToTask: { request: 'SubscribeToTaskRequest', answer: 'StreamResponse' },
  CreateTaskPushNotificationConfig: { request: 'TaskPushNotificationConfig', answer: 'TaskPushNotificationConfig' },
  GetTaskPushNotificationConfig: {
    request: 'GetTaskPushNotificationConfigRequest',
    answer: 'TaskPushNotificationConfig',
  },
  ListTaskPushNotificationConfigs: {
    request: 'ListTaskPushNotificationConfigsRequest',
    answer: 'ListTaskPushNotificationConfigsResponse',
  },
  DeleteTaskPushNotificationConfig: { request: 'DeleteTaskPushNotificationConfigRequest', answer: 'Empty' },
  GetExtendedAgentCard: { request: 'GetExtendedAgentCardRequest', answer: 'AgentCard' },
};

/** The `:path` of an operation's calls. */
export function grpcPath(operation: Operation): string {
  return `/${grpcService}/${operation}`;
}
