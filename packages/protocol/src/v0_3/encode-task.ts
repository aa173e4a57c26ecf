import type {
  Artifact,
  JsonObject,
  JsonValue,
  ListTasksResponse,
  Message,
  Part,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskStatus,
} from '../model/index.ts';
import { isTerminal } from '../model/index.ts';
import { wrappedDataMark } from './decode-part.ts';
import { roleName, stateName } from './names.ts';
import type { Dialect } from './names.ts';

/*
 * JSON.stringify leaves out undefined members, so optional ones are written down as they are. What 0.3 has no word for is
 * lost here: the media type and file name of text and data parts; in HTTP+JSON also the metadata of parts, names of
 * files and referenceTaskIds, which its proto does not have.
 */

/** A `Task` as JSON text: the result of `tasks/get` and `tasks/cancel`. */
export function encodeTask(task: Task, dialect: Dialect): string {
  return JSON.stringify(taskValue(task, dialect));
}

/** The result of `message/send` as JSON text: a bare task or message in JSON-RPC, a wrapped one in HTTP+JSON. */
export function encodeSendMessageResponse(response: SendMessageResponse, dialect: Dialect): string {
  return JSON.stringify(sendMessageValue(response, dialect));
}

/**
 * One item of a stream as JSON text. `final` marks the end of a task; a stream that ends at an interruption has no item that
 * says so.
 */
export function encodeStreamResponse(response: StreamResponse, dialect: Dialect): string {
  return JSON.stringify(wireItem(response, dialect));
}

/** Tasks as JSON text: HTTP+JSON of 0.3 answers a list with the bare array, without a next page. */
export function encodeTaskList({ tasks }: ListTasksResponse, dialect: Dialect): string {
  return JSON.stringify(taskListValue(tasks, dialect));
}

/** What `encodeTaskList` writes. */
export function taskListValue(tasks: readonly Task[], dialect: Dialect): object {
  return tasks.map((task) => taskValue(task, dialect));
}

function wireItem(response: StreamResponse, dialect: Dialect): object {
  if (response.statusUpdate !== undefined) {
    const { taskId, contextId, status, metadata } = response.statusUpdate;
    const final = isTerminal(status.state);
    const update = { taskId, contextId, status: wireStatus(status, dialect), final, metadata };
    return dialect === 'json' ? { kind: 'status-update', ...update } : { statusUpdate: update };
  }
  if (response.artifactUpdate !== undefined) {
    const { artifact, taskId, contextId, append, lastChunk, metadata } = response.artifactUpdate;
    const update = { taskId, contextId, artifact: wireArtifact(artifact, dialect), append, lastChunk, metadata };
    return dialect === 'json' ? { kind: 'artifact-update', ...update } : { artifactUpdate: update };
  }
  return sendMessageValue(response, dialect);
}

/** What `encodeSendMessageResponse` writes. */
export function sendMessageValue({ task, message }: SendMessageResponse, dialect: Dialect): object {
  if (dialect === 'json') return task === undefined ? wireMessage(message, dialect) : taskValue(task, dialect);
  return task === undefined ? { message: wireMessage(message, dialect) } : { task: taskValue(task, dialect) };
}

/** What `encodeTask` writes. */
export function taskValue({ id, contextId, status, artifacts, history, metadata }: Task, dialect: Dialect): object {
  const task = {
    id,
    // Required in 0.3; this platform's tasks always have one.
    contextId: contextId ?? '',
    status: wireStatus(status, dialect),
    artifacts: artifacts?.map((artifact) => wireArtifact(artifact, dialect)),
    history: history?.map((message) => wireMessage(message, dialect)),
    metadata,
  };
  return dialect === 'json' ? { kind: 'task', ...task } : task;
}

function wireStatus({ state, message, timestamp }: TaskStatus, dialect: Dialect): object {
  return {
    state: stateName(state, dialect),
    message: message === undefined ? undefined : wireMessage(message, dialect),
    timestamp,
  };
}

/** A `Message` as an object of the wire. */
export function wireMessage(message: Message, dialect: Dialect): object {
  const { messageId, contextId, taskId, metadata, extensions, referenceTaskIds } = message;
  const role = roleName(message.role, dialect);
  const parts = message.parts.map((part) => wirePart(part, dialect));
  return dialect === 'json'
    ? { kind: 'message', messageId, contextId, taskId, role, parts, metadata, extensions, referenceTaskIds }
    : { messageId, contextId, taskId, role, content: parts, metadata, extensions };
}

function wireArtifact(artifact: Artifact, dialect: Dialect): object {
  const { artifactId, name, description, parts, metadata, extensions } = artifact;
  return {
    artifactId,
    name,
    description,
    parts: parts.map((part) => wirePart(part, dialect)),
    metadata,
    extensions,
  };
}

function wirePart(part: Part, dialect: Dialect): object {
  return dialect === 'json' ? jsonPart(part) : protoPart(part);
}

function jsonPart(part: Part): object {
  const { metadata, filename: name, mediaType: mimeType } = part;
  if (part.text !== undefined) return { kind: 'text', text: part.text, metadata };
  if (part.raw !== undefined) return { kind: 'file', file: { bytes: part.raw, mimeType, name }, metadata };
  if (part.url !== undefined) return { kind: 'file', file: { uri: part.url, mimeType, name }, metadata };
  if (isObject(part.data)) return { kind: 'data', data: part.data, metadata };
  return { kind: 'data', data: { value: part.data }, metadata: { ...metadata, [wrappedDataMark]: true } };
}

function protoPart(part: Part): object {
  const { mediaType: mimeType } = part;
  if (part.text !== undefined) return { text: part.text };
  if (part.raw !== undefined) return { file: { fileWithBytes: part.raw, mimeType } };
  if (part.url !== undefined) return { file: { fileWithUri: part.url, mimeType } };
  return { data: { data: isObject(part.data) ? part.data : { value: part.data } } };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
