import type { JsonObject } from './json-value.ts';
import type { Message } from './message.ts';
import type { Task } from './task.ts';
import type { TaskState } from './task-state.ts';

/** What every request may carry. */
export interface RoutedRequest {
  /** The wire's `tenant`: an opaque routing string that selects an agent. It grants nothing. Never empty. */
  readonly routingTag?: string;
}

/** How a push receiver authenticates us (A2A 1.0 `AuthenticationInfo`). */
export interface AuthenticationInfo {
  /** IANA HTTP authentication scheme, case-insensitive. */
  readonly scheme: string;
  readonly credentials?: string;
}

/** Where and how to call back about a task (A2A 1.0 `TaskPushNotificationConfig`). */
export interface TaskPushNotificationConfig extends RoutedRequest {
  readonly id?: string;
  readonly taskId?: string;
  readonly url: string;
  readonly token?: string;
  readonly authentication?: AuthenticationInfo;
}

/** The caller's preferences for the answer to a message (A2A 1.0 `SendMessageConfiguration`). */
export interface SendMessageConfiguration {
  /** Media types the caller accepts. */
  readonly acceptedOutputModes?: readonly string[];
  readonly taskPushNotificationConfig?: TaskPushNotificationConfig;
  /** At most this many of the newest messages in the answer; 0 means none, absent means the server's default. */
  readonly historyLength?: number;
  /** `true`: answer once the task exists. Absent or false: wait for a terminal or interrupted state. */
  readonly returnImmediately?: boolean;
}

/** SendMessage and SendStreamingMessage (A2A 1.0 `SendMessageRequest`). */
export interface SendMessageRequest extends RoutedRequest {
  readonly message: Message;
  readonly configuration?: SendMessageConfiguration;
  readonly metadata?: JsonObject;
}

/** GetTask (A2A 1.0 `GetTaskRequest`). */
export interface GetTaskRequest extends RoutedRequest {
  readonly id: string;
  readonly historyLength?: number;
}

/** ListTasks (A2A 1.0 `ListTasksRequest`). Filters combine with AND. */
export interface ListTasksRequest extends RoutedRequest {
  readonly contextId?: string;
  readonly status?: TaskState;
  /** 1 to 100; absent means 50. */
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly historyLength?: number;
  /** RFC 3339 in UTC; inclusive despite its name. */
  readonly statusTimestampAfter?: string;
  readonly includeArtifacts?: boolean;
}

/** The answer to ListTasks; all four fields are always on the wire (A2A 1.0 `ListTasksResponse`). */
export interface ListTasksResponse {
  /** Newest status first. */
  readonly tasks: readonly Task[];
  /** Empty at the end. */
  readonly nextPageToken: string;
  /** The effective limit. */
  readonly pageSize: number;
  /** Matches of the filters before paging. */
  readonly totalSize: number;
}

/** CancelTask (A2A 1.0 `CancelTaskRequest`). */
export interface CancelTaskRequest extends RoutedRequest {
  readonly id: string;
  readonly metadata?: JsonObject;
}

/** SubscribeToTask (A2A 1.0 `SubscribeToTaskRequest`). */
export interface SubscribeToTaskRequest extends RoutedRequest {
  readonly id: string;
}

/** GetTaskPushNotificationConfig (A2A 1.0 `GetTaskPushNotificationConfigRequest`). */
export interface GetTaskPushNotificationConfigRequest extends RoutedRequest {
  readonly taskId: string;
  readonly id: string;
  /** The config to answer when the task has none of `id`. No wire carries it: codecs set it for the ids that their version gives a meaning. */
  readonly fallbackId?: string;
}

/** ListTaskPushNotificationConfigs (A2A 1.0 `ListTaskPushNotificationConfigsRequest`). */
export interface ListTaskPushNotificationConfigsRequest extends RoutedRequest {
  readonly taskId: string;
  /** Absent means the server's default. */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** The answer to ListTaskPushNotificationConfigs (A2A 1.0 `ListTaskPushNotificationConfigsResponse`). */
export interface ListTaskPushNotificationConfigsResponse {
  readonly configs: readonly TaskPushNotificationConfig[];
  /** Empty at the end. */
  readonly nextPageToken: string;
}

/** DeleteTaskPushNotificationConfig (A2A 1.0 `DeleteTaskPushNotificationConfigRequest`). */
export interface DeleteTaskPushNotificationConfigRequest extends RoutedRequest {
  readonly taskId: string;
  readonly id: string;
}

/** GetExtendedAgentCard (A2A 1.0 `GetExtendedAgentCardRequest`). */
export type GetExtendedAgentCardRequest = RoutedRequest;
