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

/** Our ids and our time, which replace the agent's in everything that it says. */
export interface OurIdentity {
  readonly task: Task;
  readonly contextId: string;
  readonly nowIso: string;
}

/** An agent's answer as entries of our log. */
export interface Translated {
  readonly events: readonly Draft[];
  readonly upstreamTaskId: string | null;
}

/** Translates one answer or stream item of an agent into entries of our log. Of a snapshot only the differences are kept. */
export function translateAnswer(identity: OurIdentity, answer: StreamResponse): Translated {
  if (answer.message !== undefined) return { events: [replyEvent(identity, answer.message)], upstreamTaskId: null };
  if (answer.task !== undefined) {
    return { events: differences(identity, answer.task), upstreamTaskId: answer.task.id };
  }
  if (answer.statusUpdate !== undefined) {
    const { taskId, status, metadata } = answer.statusUpdate;
    return { events: [statusEvent(identity, status, metadata)], upstreamTaskId: taskId };
  }
  const { taskId, artifact, append, lastChunk, metadata } = answer.artifactUpdate;
  const flags = {
    ...(append === undefined ? {} : { append }),
    ...(lastChunk === undefined ? {} : { lastChunk }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { events: [artifactEvent(identity, artifact, flags)], upstreamTaskId: taskId };
}

/** A status event under our ids, for states that the agent reports and for endings of our own. */
export function statusEvent(
  { task, contextId, nowIso }: OurIdentity,
  status: TaskStatus,
  metadata?: Task['metadata'],
): Draft {
  const translated: TaskStatus = {
    state: status.state,
    ...(status.message === undefined ? {} : { message: translateMessage(task.id, contextId, status.message) }),
    timestamp: nowIso,
  };
  const statusUpdate = {
    taskId: task.id,
    contextId,
    status: translated,
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { kind: 'status', response: { statusUpdate }, state: status.state };
}

/** Whether the task has ended or waits for its caller. */
export function isResting(state: TaskState): boolean {
  return isTerminal(state) || isInterrupted(state);
}

function differences(identity: OurIdentity, snapshot: Task): readonly Draft[] {
  const events: Draft[] = [];
  for (const artifact of snapshot.artifacts ?? []) {
    const known = identity.task.artifacts?.find((one) => one.artifactId === artifact.artifactId);
    if (known === undefined || !sameArtifact(known, artifact)) events.push(artifactEvent(identity, artifact, {}));
  }
  const { status } = identity.task;
  const isSameMessage = status.message?.messageId === snapshot.status.message?.messageId;
  if (snapshot.status.state !== status.state || !isSameMessage) {
    events.push(statusEvent(identity, snapshot.status, snapshot.metadata));
  }
  return events;
}

/** Equal as JSON: both were built by the same decoder, in the same key order. */
function sameArtifact(one: Artifact, other: Artifact): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function artifactEvent({ task, contextId }: OurIdentity, artifact: Artifact, flags: object): Draft {
  return { kind: 'artifact', response: { artifactUpdate: { taskId: task.id, contextId, artifact, ...flags } } };
}

/** A direct message ends our task: a stream shows it as the status message of a completed task. */
function replyEvent(identity: OurIdentity, message: Message): Draft {
  return { ...statusEvent(identity, { state: 'TASK_STATE_COMPLETED', message }), kind: 'reply' };
}

function translateMessage(taskId: string, contextId: string, message: Message): Message {
  return { ...message, taskId, contextId };
}
