import type { Artifact, JsonObject, JsonValue, Message, Task } from '../model/index.ts';
import { isMarkedState, mark, stateMark, statusOf } from './names.ts';
import { wirePart } from './parts.ts';

/*
 * What this wire has no word for is lost here: of messages their ids, references, extensions and free metadata; of artifacts their
 * extensions. The message of a status joins the messages.
 */

/** What of a task is written. A member that the caller did not ask for is left out; one that is asked for and empty is written. */
export interface TaskView {
  /** The time of the task's first status, where the task itself does not say when it was made. */
  readonly createdAt: string;
  readonly includeMessages?: boolean;
  readonly includeArtifacts?: boolean;
}

/** A `TaskObject` as an object of the wire. */
export function wireTask({ id, contextId, status, artifacts, history, metadata = {} }: Task, view: TaskView): object {
  const { [mark('priority')]: priority, [mark('createdAt')]: createdAt, ...others } = metadata;
  const { [mark('assignedAgent')]: assignedAgent, [stateMark]: _, ...kept } = others;
  const shown: JsonObject = {
    ...kept,
    ...(contextId === undefined ? {} : { contextId }),
    ...(priority === undefined ? {} : { priority }),
    ...(isMarkedState(status.state) ? { [stateMark]: status.state } : {}),
  };
  const { includeMessages = true, includeArtifacts = true } = view;
  return {
    taskId: id,
    status: statusOf(status.state),
    createdAt: typeof createdAt === 'string' ? createdAt : view.createdAt,
    updatedAt: status.timestamp,
    assignedAgent: stringOf(assignedAgent),
    messages: includeMessages ? messagesOf(history ?? [], status.message).map(wireMessage) : undefined,
    artifacts: includeArtifacts ? (artifacts ?? []).map(wireArtifact) : undefined,
    metadata: Object.keys(shown).length === 0 ? undefined : shown,
  };
}

function messagesOf(history: readonly Message[], said: Message | undefined): readonly Message[] {
  const isKept = said === undefined || history.some(({ messageId }) => messageId === said.messageId);
  return isKept ? history : [...history, said];
}

/** A `Message` as an object of the wire. */
export function wireMessage({ role, parts, metadata = {} }: Message): object {
  const speaker = role === 'ROLE_USER' ? 'user' : 'agent';
  return {
    role: metadata[mark('role')] === 'system' ? 'system' : speaker,
    parts: parts.map(wirePart),
    timestamp: stringOf(metadata[mark('timestamp')]),
    agentId: stringOf(metadata[mark('agentId')]),
  };
}

/** An `Artifact` as an object of the wire. */
export function wireArtifact({ artifactId, name, description, parts, metadata = {} }: Artifact): object {
  const { [mark('createdAt')]: createdAt, [mark('createdBy')]: createdBy, ...others } = metadata;
  const { [mark('version')]: version, ...kept } = others;
  return {
    artifactId,
    name: name ?? artifactId,
    description,
    parts: parts.map(wirePart),
    createdAt: stringOf(createdAt),
    createdBy: stringOf(createdBy),
    version: stringOf(version),
    metadata: Object.keys(kept).length === 0 ? undefined : kept,
  };
}

function stringOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
