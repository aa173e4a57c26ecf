import type { Artifact, SendMessageResponse, Task, TaskStatus } from '../model/index.ts';
import { metadataOf, wireMessageOf, wirePartOf } from './encode-message.ts';
import { wireStateOf } from './states.ts';

/** A `Task` as JSON text, under the id that its caller chose: what tasks/send, tasks/get and tasks/cancel answer. */
export function encodeTask(task: Task, id: string): string {
  const { contextId, status, artifacts, history, metadata } = task;
  return JSON.stringify({
    id,
    ...(contextId === undefined ? {} : { sessionId: contextId }),
    status: wireStatusOf(status),
    ...(artifacts === undefined
      ? {}
      : { artifacts: artifacts.map((artifact, index) => wireArtifactOf(artifact, index)) }),
    ...(history === undefined ? {} : { history: history.map(wireMessageOf) }),
    ...metadataOf(metadata),
  });
}

/** The answer to tasks/send, as JSON text. A message without a task is told as a task that completed with it. */
export function encodeSendAnswer({ task, message }: SendMessageResponse, id: string): string {
  if (task !== undefined) return encodeTask(task, id);
  const contextId = message.contextId === undefined ? {} : { contextId: message.contextId };
  return encodeTask({ id, ...contextId, status: { state: 'TASK_STATE_COMPLETED', message } }, id);
}

/** A status in the words of A2A 0.1. */
export function wireStatusOf({ state, message, timestamp }: TaskStatus): object {
  return {
    state: wireStateOf(state),
    ...(message === undefined ? {} : { message: wireMessageOf(message) }),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

/** An artifact in the words of A2A 0.1, which counts artifacts where the model names them. */
export function wireArtifactOf(artifact: Artifact, index: number): object {
  const { name, description, parts, metadata } = artifact;
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    parts: parts.map(wirePartOf),
    index,
    ...metadataOf(metadata),
  };
}
