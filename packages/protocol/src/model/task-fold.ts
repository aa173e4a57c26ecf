import type { Message } from './message.ts';
import type { Artifact, Task, TaskStatus } from './task.ts';
import type { StreamResponse, TaskArtifactUpdateEvent, TaskStatusUpdateEvent } from './task-event.ts';

/**
 * The task after one more event of its log. Pure: `task` is not changed, and untouched parts are shared.
 *
 * - `task`: the snapshot wins; where it carries no history, artifacts or metadata, what is known stays.
 * - `message`: one turn, added at the end of the history.
 * - `statusUpdate`: the new status; a message of the earlier status moves to the end of the history.
 * - `artifactUpdate`: see {@link TaskArtifactUpdateEvent}; appending to an unknown artifact starts it.
 *
 * Ids are not compared: the caller feeds the log of one task.
 */
export function applyEvent(task: Task, event: StreamResponse): Task {
  if (event.statusUpdate !== undefined) return applyStatusUpdate(task, event.statusUpdate);
  if (event.artifactUpdate !== undefined) return applyArtifactUpdate(task, event.artifactUpdate);
  if (event.message !== undefined) return { ...task, history: [...(task.history ?? []), event.message] };
  return applySnapshot(task, event.task);
}

/** What to leave out of a task before it is answered. */
export interface TaskTrim {
  /** Keep at most this many of the newest messages; 0 drops the key, absent keeps all. Not negative. */
  readonly historyLength?: number | undefined;
  /** `false` drops the key, `true` makes it present even when empty, absent leaves it as it is. */
  readonly includeArtifacts?: boolean | undefined;
}

/** The task as the caller asked to see it: newest messages only, with or without artifacts (A2A 1.0 section 3.2.4). */
export function trimTask(task: Task, trim: TaskTrim): Task {
  const { artifacts, history, metadata, ...rest } = task;
  const keptArtifacts = trim.includeArtifacts === undefined ? artifacts : trim.includeArtifacts && (artifacts ?? []);
  const keptHistory = trim.historyLength === undefined ? history : newest(history, trim.historyLength);
  return {
    ...rest,
    ...(keptArtifacts === undefined || keptArtifacts === false ? {} : { artifacts: keptArtifacts }),
    ...(keptHistory === undefined ? {} : { history: keptHistory }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function newest(history: readonly Message[] | undefined, length: number): readonly Message[] | undefined {
  if (history === undefined || length <= 0) return undefined;
  return history.length <= length ? history : history.slice(-length);
}

function applySnapshot(task: Task, snapshot: Task): Task {
  const moved = snapshot.history === undefined ? withEarlierMessage(task, snapshot.status) : {};
  return { ...task, ...moved, ...snapshot };
}

function applyStatusUpdate(task: Task, update: TaskStatusUpdateEvent): Task {
  return {
    ...task,
    status: update.status,
    ...withEarlierMessage(task, update.status),
    ...(update.metadata === undefined ? {} : { metadata: { ...task.metadata, ...update.metadata } }),
  };
}

/** The history grown by the message of the earlier status, unless that message is repeated or already there. */
function withEarlierMessage(task: Task, next: TaskStatus): { history?: readonly Message[] } {
  const earlier = task.status.message;
  if (earlier === undefined || earlier.messageId === next.message?.messageId) return {};
  const history = task.history ?? [];
  if (history.some((message) => message.role === earlier.role && message.messageId === earlier.messageId)) return {};
  return { history: [...history, earlier] };
}

function applyArtifactUpdate(task: Task, update: TaskArtifactUpdateEvent): Task {
  const artifacts = task.artifacts ?? [];
  const at = artifacts.findIndex((artifact) => artifact.artifactId === update.artifact.artifactId);
  const known = artifacts[at];
  if (known === undefined) return { ...task, artifacts: [...artifacts, update.artifact] };
  const next = update.append === true ? appended(known, update.artifact) : update.artifact;
  return { ...task, artifacts: artifacts.with(at, next) };
}

/** The parts join; name, description and extensions follow the newest piece; metadata keys merge. */
function appended(known: Artifact, piece: Artifact): Artifact {
  const metadata = piece.metadata === undefined ? known.metadata : { ...known.metadata, ...piece.metadata };
  return {
    ...known,
    ...piece,
    parts: [...known.parts, ...piece.parts],
    ...(metadata === undefined ? {} : { metadata }),
  };
}
