import { isInterrupted, isTerminal } from '@colloquy/protocol';
import type { Artifact, Message, StreamResponse, Task, TaskState, TaskStatus } from '@colloquy/protocol';
import type { TaskEventKind } from '../../tasks/index.ts';

/** One thing to append to a task's log, not yet encoded and not yet numbered. */
export interface Draft {
  readonly kind: TaskEventKind;
  readonly response: StreamResponse;
  /** The state the task has after it, when it changes the state. */
  readonly state?: TaskState;
}

/** The identity and the time that everything an agent says is retold under: ours, never the agent's. */
export interface Retelling {
  readonly task: Task;
  readonly contextId: string;
  readonly nowIso: string;
}

/** What an agent's words mean for the log. */
export interface Translated {
  readonly events: readonly Draft[];
  readonly upstreamTaskId: string | null;
}

/** Retells one answer or stream item of an agent as entries of our log. Snapshots become the differences they bring. */
export function translateAnswer(retelling: Retelling, answer: StreamResponse): Translated {
  if (answer.message !== undefined) return { events: [replyEvent(retelling, answer.message)], upstreamTaskId: null };
  if (answer.task !== undefined) {
    return { events: differences(retelling, answer.task), upstreamTaskId: answer.task.id };
  }
  if (answer.statusUpdate !== undefined) {
    const { taskId, status, metadata } = answer.statusUpdate;
    return { events: [statusEvent(retelling, status, metadata)], upstreamTaskId: taskId };
  }
  const { taskId, artifact, append, lastChunk, metadata } = answer.artifactUpdate;
  const flags = {
    ...(append === undefined ? {} : { append }),
    ...(lastChunk === undefined ? {} : { lastChunk }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { events: [artifactEvent(retelling, artifact, flags)], upstreamTaskId: taskId };
}

/** A status event in our words; used for the agent's states and for our own endings. */
export function statusEvent(
  { task, contextId, nowIso }: Retelling,
  status: TaskStatus,
  metadata?: Task['metadata'],
): Draft {
  const retold: TaskStatus = {
    state: status.state,
    ...(status.message === undefined ? {} : { message: retellMessage(task.id, contextId, status.message) }),
    timestamp: nowIso,
  };
  const statusUpdate = { taskId: task.id, contextId, status: retold, ...(metadata === undefined ? {} : { metadata }) };
  return { kind: 'status', response: { statusUpdate }, state: status.state };
}

/** Whether nothing more is to come for now. */
export function isResting(state: TaskState): boolean {
  return isTerminal(state) || isInterrupted(state);
}

function differences(retelling: Retelling, snapshot: Task): readonly Draft[] {
  const events: Draft[] = [];
  for (const artifact of snapshot.artifacts ?? []) {
    const known = retelling.task.artifacts?.find((one) => one.artifactId === artifact.artifactId);
    if (known === undefined || !sameArtifact(known, artifact)) events.push(artifactEvent(retelling, artifact, {}));
  }
  const { status } = retelling.task;
  const sameWords = status.message?.messageId === snapshot.status.message?.messageId;
  if (snapshot.status.state !== status.state || !sameWords) {
    events.push(statusEvent(retelling, snapshot.status, snapshot.metadata));
  }
  return events;
}

/** Equal as JSON: both were built by the same decoder, in the same key order. */
function sameArtifact(one: Artifact, other: Artifact): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function artifactEvent({ task, contextId }: Retelling, artifact: Artifact, flags: object): Draft {
  return { kind: 'artifact', response: { artifactUpdate: { taskId: task.id, contextId, artifact, ...flags } } };
}

/** A direct answer ends our task: a stream shows it as the last words of a completed task. */
function replyEvent(retelling: Retelling, message: Message): Draft {
  return { ...statusEvent(retelling, { state: 'TASK_STATE_COMPLETED', message }), kind: 'reply' };
}

function retellMessage(taskId: string, contextId: string, message: Message): Message {
  return { ...message, taskId, contextId };
}
