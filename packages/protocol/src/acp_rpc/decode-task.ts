import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type { Artifact, JsonObject, Message, Role, Task, TaskStatus } from '../model/index.ts';
import { mark, priorities, requiredWord, stateMark, stateOf, taskStatuses } from './names.ts';
import { partsFrom } from './parts.ts';

/** Makes the id of a message, which has none on this wire. The same place in the same task must get the same id. */
export type MessageIdOf = (taskId: string, index: number) => string;

const wireRoles = ['user', 'agent', 'system'] as const;

/** Decodes a `TaskObject`. A `system` message of a task is the agent's. Throws {@link DecodeError}. */
export function decodeTask(value: unknown, limits: DecodeLimits, messageIdOf: MessageIdOf): Task {
  return decodeObject(value, limits, (fields) => taskFrom(fields, messageIdOf));
}

/** Reads a `TaskObject` in place, under the names that servers in the field give its members. */
export function taskFrom(fields: Fields, messageIdOf: MessageIdOf): Task {
  const id = fields.requiredId('taskId');
  let index = 0;
  const history = fields.objects('messages', fields.limits.historyMax, (message) => {
    const messageId = messageIdOf(id, index);
    index += 1;
    return messageFrom(message, { messageId, systemRole: 'ROLE_AGENT' });
  });
  const { contextId, priority, [stateMark]: marked, ...metadata } = fields.struct('metadata') ?? {};
  const createdAt = fields.timestamp('createdAt') ?? fields.timestamp('submittedAt');
  const agent = fields.optionalId('assignedAgent') ?? fields.optionalId('assignedProcessor');
  const urgency = priorities.find((known) => known === (priority ?? fields.value('priority')));
  const isContext = typeof contextId === 'string' && contextId !== '';
  return present<Task>({
    id,
    contextId: isContext ? contextId : undefined,
    status: statusFrom(fields, { marked, createdAt, last: history?.at(-1) }),
    artifacts: fields.objects('artifacts', fields.limits.artifactsMax, artifactFrom),
    history,
    metadata: someOf({
      ...metadata,
      ...(isContext || contextId === undefined ? {} : { contextId }),
      ...(priority === undefined || priority === urgency ? {} : { priority }),
      ...(urgency === undefined ? {} : { [mark('priority')]: urgency }),
      ...(createdAt === undefined ? {} : { [mark('createdAt')]: createdAt }),
      ...(agent === undefined ? {} : { [mark('assignedAgent')]: agent }),
    }),
  });
}

interface StatusFacts {
  readonly marked: unknown;
  readonly createdAt: string | undefined;
  readonly last: Message | undefined;
}

/** The agent's last message says what it waits for, or why it failed. */
function statusFrom(fields: Fields, { marked, createdAt, last }: StatusFacts): TaskStatus {
  const status = requiredWord(fields, 'status', taskStatuses);
  const isAboutStatus = last?.role === 'ROLE_AGENT' && (status === 'INPUT_REQUIRED' || status === 'FAILED');
  return present<TaskStatus>({
    state: stateOf(status, marked),
    message: isAboutStatus ? last : undefined,
    timestamp: fields.timestamp('updatedAt') ?? createdAt,
  });
}

/** What the model wants of a message and the wire does not say. */
export interface MessageFacts {
  readonly messageId: string;
  /** The role of a `system` message: that of the side which sent it. */
  readonly systemRole: Role;
}

/** Decodes a `Message`. Throws {@link DecodeError}. */
export function decodeMessage(value: unknown, limits: DecodeLimits, facts: MessageFacts): Message {
  return decodeObject(value, limits, (fields) => messageFrom(fields, facts));
}

/** Reads a `Message` in place. */
export function messageFrom(fields: Fields, { messageId, systemRole }: MessageFacts): Message {
  const role = requiredWord(fields, 'role', wireRoles);
  return present<Message>({
    messageId,
    contextId: undefined,
    taskId: undefined,
    role: role === 'system' ? systemRole : role === 'user' ? 'ROLE_USER' : 'ROLE_AGENT',
    parts: partsFrom(fields),
    metadata: marksOf({
      role: role === 'system' ? role : undefined,
      timestamp: fields.timestamp('timestamp'),
      agentId: fields.optionalId('agentId'),
    }),
    extensions: undefined,
    referenceTaskIds: undefined,
  });
}

/** Decodes an `Artifact`. Throws {@link DecodeError}. */
export function decodeArtifact(value: unknown, limits: DecodeLimits): Artifact {
  return decodeObject(value, limits, artifactFrom);
}

/** Reads an `Artifact` in place. The name is required on this wire; one that repeats the id stands for none. */
export function artifactFrom(fields: Fields): Artifact {
  const artifactId = fields.requiredId('artifactId');
  const name = fields.optionalString('name');
  return present<Artifact>({
    artifactId,
    name: name === artifactId ? undefined : name,
    description: fields.optionalString('description'),
    parts: partsFrom(fields),
    metadata: someOf({
      ...fields.struct('metadata'),
      ...marksOf({
        createdAt: fields.timestamp('createdAt'),
        createdBy: fields.optionalId('createdBy'),
        version: fields.optionalString('version'),
      }),
    }),
    extensions: undefined,
  });
}

function marksOf(members: Readonly<Record<string, string | undefined>>): JsonObject | undefined {
  const marks: [string, string][] = [];
  for (const [name, value] of Object.entries(members)) if (value !== undefined) marks.push([mark(name), value]);
  return someOf(Object.fromEntries(marks));
}

function someOf(metadata: JsonObject): JsonObject | undefined {
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}
