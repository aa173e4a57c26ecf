import type { JsonObject } from './json-value.ts';
import type { Message } from './message.ts';
import type { Artifact, Task, TaskStatus } from './task.ts';

/** A change of a task's status (A2A 1.0). There is no `final` flag: the state says whether the task has ended. */
export interface TaskStatusUpdateEvent {
  readonly taskId: string;
  readonly contextId: string;
  readonly status: TaskStatus;
  readonly metadata?: JsonObject;
}

/** A new, replaced or extended artifact (A2A 1.0). */
export interface TaskArtifactUpdateEvent {
  readonly taskId: string;
  readonly contextId: string;
  readonly artifact: Artifact;
  /** `true` adds the parts to the artifact with the same id; false or absent starts or replaces it. */
  readonly append?: boolean;
  /** `true` on the last piece of a chunked artifact. */
  readonly lastChunk?: boolean;
  readonly metadata?: JsonObject;
}

/** A whole task: the first event of a task stream. */
export interface TaskResponse {
  readonly task: Task;
  readonly message?: never;
  readonly statusUpdate?: never;
  readonly artifactUpdate?: never;
}

/** A direct answer without a task; the only event of its stream. */
export interface MessageResponse {
  readonly task?: never;
  readonly message: Message;
  readonly statusUpdate?: never;
  readonly artifactUpdate?: never;
}

/** A status update inside a task stream. */
export interface StatusUpdateResponse {
  readonly task?: never;
  readonly message?: never;
  readonly statusUpdate: TaskStatusUpdateEvent;
  readonly artifactUpdate?: never;
}

/** An artifact update inside a task stream. */
export interface ArtifactUpdateResponse {
  readonly task?: never;
  readonly message?: never;
  readonly statusUpdate?: never;
  readonly artifactUpdate: TaskArtifactUpdateEvent;
}

/** One item of a stream or push body: exactly one key is present and tells the kind (A2A 1.0 `StreamResponse`). */
export type StreamResponse = TaskResponse | MessageResponse | StatusUpdateResponse | ArtifactUpdateResponse;

/** The answer to SendMessage: a task or a direct message, told apart by the key (A2A 1.0 `SendMessageResponse`). */
export type SendMessageResponse = TaskResponse | MessageResponse;
