import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  Artifact,
  ListTasksResponse,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskArtifactUpdateEvent,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../model/index.ts';
import { taskStates } from '../model/index.ts';
import { messageFrom, partsFrom } from './decode-message.ts';

/** Decodes an A2A 1.0 `Task`, as GetTask and CancelTask answer it. Throws {@link DecodeError}. */
export function decodeTask(value: unknown, limits: DecodeLimits): Task {
  return decodeObject(value, limits, taskFrom);
}

/** Decodes an A2A 1.0 `SendMessageResponse`. Throws {@link DecodeError}. */
export function decodeSendMessageResponse(value: unknown, limits: DecodeLimits): SendMessageResponse {
  return decodeObject(value, limits, (fields) =>
    fields.oneOf(['task', 'message']) === 'task'
      ? { task: fields.requiredObject('task', taskFrom) }
      : { message: fields.requiredObject('message', messageFrom) },
  );
}

/** Decodes an A2A 1.0 `StreamResponse`: one item of a stream or a push body. Throws {@link DecodeError}. */
export function decodeStreamResponse(value: unknown, limits: DecodeLimits): StreamResponse {
  return decodeObject(value, limits, streamResponseFrom);
}

/**
 * Decodes an A2A 1.0 `ListTasksResponse`. Throws {@link DecodeError}. Absent fields are read as their defaults, which
 * ProtoJSON writers leave out although the specification wants them.
 */
export function decodeListTasksResponse(value: unknown, limits: DecodeLimits): ListTasksResponse {
  return decodeObject(value, limits, (fields) => ({
    tasks: fields.objects('tasks', limits.artifactsMax, taskFrom) ?? [],
    nextPageToken: fields.optionalString('nextPageToken') ?? '',
    pageSize: fields.int32('pageSize', { min: 0 }) ?? 0,
    totalSize: fields.int32('totalSize', { min: 0 }) ?? 0,
  }));
}

function streamResponseFrom(fields: Fields): StreamResponse {
  switch (fields.oneOf(['task', 'message', 'statusUpdate', 'artifactUpdate'])) {
    case 'message':
      return { message: fields.requiredObject('message', messageFrom) };
    case 'statusUpdate':
      return { statusUpdate: fields.requiredObject('statusUpdate', statusUpdateFrom) };
    case 'artifactUpdate':
      return { artifactUpdate: fields.requiredObject('artifactUpdate', artifactUpdateFrom) };
    default:
      return { task: fields.requiredObject('task', taskFrom) };
  }
}

function taskFrom(fields: Fields): Task {
  return present<Task>({
    id: fields.requiredId('id'),
    contextId: fields.optionalId('contextId'),
    status: fields.requiredObject('status', statusFrom),
    artifacts: fields.objects('artifacts', fields.limits.artifactsMax, artifactFrom),
    history: fields.objects('history', fields.limits.historyMax, messageFrom),
    metadata: fields.struct('metadata'),
  });
}

function statusFrom(fields: Fields): TaskStatus {
  return present<TaskStatus>({
    state: fields.requiredEnumeration('state', taskStates),
    message: fields.object('message', messageFrom),
    timestamp: fields.timestamp('timestamp'),
  });
}

function artifactFrom(fields: Fields): Artifact {
  return present<Artifact>({
    artifactId: fields.requiredId('artifactId'),
    name: fields.optionalString('name'),
    description: fields.optionalString('description'),
    parts: partsFrom(fields),
    metadata: fields.struct('metadata'),
    extensions: fields.strings('extensions'),
  });
}

/** `contextId` may be missing: ProtoJSON writers leave out an empty one. */
function statusUpdateFrom(fields: Fields): TaskStatusUpdateEvent {
  return present<TaskStatusUpdateEvent>({
    taskId: fields.requiredId('taskId'),
    contextId: fields.optionalId('contextId') ?? '',
    status: fields.requiredObject('status', statusFrom),
    metadata: fields.struct('metadata'),
  });
}

function artifactUpdateFrom(fields: Fields): TaskArtifactUpdateEvent {
  return present<TaskArtifactUpdateEvent>({
    taskId: fields.requiredId('taskId'),
    contextId: fields.optionalId('contextId') ?? '',
    artifact: fields.requiredObject('artifact', artifactFrom),
    append: fields.flag('append'),
    lastChunk: fields.flag('lastChunk'),
    metadata: fields.struct('metadata'),
  });
}
