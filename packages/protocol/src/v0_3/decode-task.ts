import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type {
  Artifact,
  Message,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskArtifactUpdateEvent,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../model/index.ts';
import { roles, taskStates } from '../model/index.ts';
import { partsFrom } from './decode-part.ts';
import { constantOf, roleNames, stateNames } from './names.ts';
import type { Dialect } from './names.ts';

/** Decodes an A2A 0.3 `Task`, as `tasks/get` and `tasks/cancel` answer it. Throws {@link DecodeError}. */
export function decodeTask(value: unknown, limits: DecodeLimits, dialect: Dialect): Task {
  return decodeObject(value, limits, (fields) => taskFrom(fields, dialect));
}

/** Decodes the answer to `message/send`: a bare task or message in JSON-RPC, a wrapped one in HTTP+JSON. Throws {@link DecodeError}. */
export function decodeSendMessageResponse(value: unknown, limits: DecodeLimits, dialect: Dialect): SendMessageResponse {
  return decodeObject(value, limits, (fields) =>
    dialect === 'proto'
      ? wrappedFrom(fields, fields.oneOf(['task', 'message']) ?? 'task')
      : bareFrom(fields, oneKind(fields, ['task', 'message']) ?? 'task'),
  );
}

/** Decodes one item of a 0.3 stream. `final` is not read: the state says whether a task has ended. Throws {@link DecodeError}. */
export function decodeStreamResponse(value: unknown, limits: DecodeLimits, dialect: Dialect): StreamResponse {
  return decodeObject(value, limits, (fields) => {
    if (dialect === 'json') return streamedFrom(fields);
    const name = fields.oneOf(['task', 'message', 'statusUpdate', 'artifactUpdate']) ?? 'task';
    if (name === 'statusUpdate')
      return { statusUpdate: fields.requiredObject(name, (update) => statusUpdateFrom(update, dialect)) };
    if (name === 'artifactUpdate')
      return { artifactUpdate: fields.requiredObject(name, (update) => artifactUpdateFrom(update, dialect)) };
    return wrappedFrom(fields, name);
  });
}

function streamedFrom(fields: Fields): StreamResponse {
  const kind = oneKind(fields, ['task', 'message', 'status-update', 'artifact-update']);
  if (kind === 'status-update') return { statusUpdate: statusUpdateFrom(fields, 'json') };
  if (kind === 'artifact-update') return { artifactUpdate: artifactUpdateFrom(fields, 'json') };
  return bareFrom(fields, kind ?? 'task');
}

function bareFrom(fields: Fields, kind: 'task' | 'message'): SendMessageResponse {
  return kind === 'message' ? { message: messageFrom(fields, 'json') } : { task: taskFrom(fields, 'json') };
}

function wrappedFrom(fields: Fields, name: 'task' | 'message'): SendMessageResponse {
  return name === 'message'
    ? { message: fields.requiredObject(name, (message) => messageFrom(message, 'proto')) }
    : { task: fields.requiredObject(name, (task) => taskFrom(task, 'proto')) };
}

/** What the marker says this is; without a marker, what its members say. */
function oneKind<K extends string>(fields: Fields, kinds: readonly K[]): K | undefined {
  const marker = fields.optionalString('kind') ?? kindByMembers(fields);
  const kind = kinds.find((candidate) => candidate === marker);
  if (kind === undefined) fields.violate('kind', `must be one of ${kinds.join(', ')}`);
  return kind;
}

function kindByMembers(fields: Fields): string | undefined {
  if (fields.has('messageId')) return 'message';
  if (fields.has('artifact')) return 'artifact-update';
  if (!fields.has('status')) return undefined;
  return fields.has('taskId') ? 'status-update' : 'task';
}

/** A marker may be missing where the place tells the kind, but not say another. */
function checkMarker(fields: Fields, kind: 'task' | 'message'): void {
  const marker = fields.optionalString('kind');
  if (marker !== undefined && marker !== kind) fields.violate('kind', `must be ${kind}`);
}

function taskFrom(fields: Fields, dialect: Dialect): Task {
  checkMarker(fields, 'task');
  const { artifactsMax, historyMax } = fields.limits;
  return present<Task>({
    id: fields.requiredId('id'),
    contextId: fields.optionalId('contextId'),
    status: fields.requiredObject('status', (status) => statusFrom(status, dialect)),
    artifacts: fields.objects('artifacts', artifactsMax, (artifact) => artifactFrom(artifact, dialect)),
    history: fields.objects('history', historyMax, (message) => messageFrom(message, dialect)),
    metadata: fields.struct('metadata'),
  });
}

function statusFrom(fields: Fields, dialect: Dialect): TaskStatus {
  const names = stateNames(dialect, fields.value('state'));
  return present<TaskStatus>({
    state: constantOf(taskStates, names, fields.requiredEnumeration('state', names)),
    message: fields.object('message', (message) => messageFrom(message, dialect)),
    timestamp: fields.timestamp('timestamp'),
  });
}

/** Reads a `Message` in place. HTTP+JSON calls its parts `content`. */
export function messageFrom(fields: Fields, dialect: Dialect): Message {
  checkMarker(fields, 'message');
  const names = roleNames(dialect, fields.value('role'));
  const isContent = dialect === 'proto' && fields.value('parts') === undefined;
  return present<Message>({
    messageId: fields.requiredId('messageId'),
    contextId: fields.optionalId('contextId'),
    taskId: fields.optionalId('taskId'),
    role: constantOf(roles, names, fields.requiredEnumeration('role', names)),
    parts: partsFrom(fields, isContent ? 'content' : 'parts', dialect),
    metadata: fields.struct('metadata'),
    extensions: fields.strings('extensions'),
    referenceTaskIds: fields.strings('referenceTaskIds', fields.limits.idCharsMax),
  });
}

function artifactFrom(fields: Fields, dialect: Dialect): Artifact {
  return present<Artifact>({
    artifactId: fields.requiredId('artifactId'),
    name: fields.optionalString('name'),
    description: fields.optionalString('description'),
    parts: partsFrom(fields, 'parts', dialect),
    metadata: fields.struct('metadata'),
    extensions: fields.strings('extensions'),
  });
}

function statusUpdateFrom(fields: Fields, dialect: Dialect): TaskStatusUpdateEvent {
  return present<TaskStatusUpdateEvent>({
    taskId: fields.requiredId('taskId'),
    contextId: fields.optionalId('contextId') ?? '',
    status: fields.requiredObject('status', (status) => statusFrom(status, dialect)),
    metadata: fields.struct('metadata'),
  });
}

function artifactUpdateFrom(fields: Fields, dialect: Dialect): TaskArtifactUpdateEvent {
  return present<TaskArtifactUpdateEvent>({
    taskId: fields.requiredId('taskId'),
    contextId: fields.optionalId('contextId') ?? '',
    artifact: fields.requiredObject('artifact', (artifact) => artifactFrom(artifact, dialect)),
    append: fields.flag('append'),
    lastChunk: fields.flag('lastChunk'),
    metadata: fields.struct('metadata'),
  });
}
