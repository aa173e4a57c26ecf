import { decodeObject, normaliseTimestamp, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type { Artifact, SendMessageResponse, StreamResponse, Task, TaskStatus } from '../model/index.ts';
import { messageFrom, partsFrom } from './decode-message.ts';
import type { MessageIdOf } from './decode-message.ts';
import { stateFrom } from './states.ts';

/** Decodes an A2A 0.1 `Task`, as tasks/get and tasks/cancel answer it. Throws {@link DecodeError}. */
export function decodeTask(value: unknown, limits: DecodeLimits, messageIdOf: MessageIdOf): Task {
  return decodeObject(value, limits, (fields) => taskFrom(fields, messageIdOf));
}

/** Decodes the answer to tasks/send, which is always a task. Throws {@link DecodeError}. */
export function decodeSendAnswer(value: unknown, limits: DecodeLimits, messageIdOf: MessageIdOf): SendMessageResponse {
  return { task: decodeTask(value, limits, messageIdOf) };
}

/**
 * Decodes one event of a stream: a status or an artifact, told apart by the member that is there. Some agents begin with the whole
 * task. Throws {@link DecodeError}.
 */
export function decodeStreamResponse(value: unknown, limits: DecodeLimits, messageIdOf: MessageIdOf): StreamResponse {
  return decodeObject(value, limits, (fields) => {
    const taskId = fields.requiredId('id');
    const metadata = fields.struct('metadata');
    const common = { taskId, contextId: '', ...(metadata === undefined ? {} : { metadata }) };
    const isTask = ['sessionId', 'artifacts', 'history'].some((name) => fields.value(name) !== undefined);
    if (isTask) return { task: taskFrom(fields, messageIdOf) };
    if (fields.oneOf(['status', 'artifact']) !== 'artifact') {
      return { statusUpdate: { ...common, status: fields.requiredObject('status', statusFrom(taskId, messageIdOf)) } };
    }
    const flags = fields.requiredObject('artifact', (artifact) =>
      present<{ readonly append?: boolean; readonly lastChunk?: boolean }>({
        append: artifact.flag('append'),
        lastChunk: artifact.flag('lastChunk'),
      }),
    );
    return { artifactUpdate: { ...common, artifact: fields.requiredObject('artifact', artifactFrom), ...flags } };
  });
}

function taskFrom(fields: Fields, messageIdOf: MessageIdOf): Task {
  const id = fields.requiredId('id');
  let turn = 0;
  return present<Task>({
    id,
    contextId: fields.optionalId('sessionId'),
    status: fields.requiredObject('status', statusFrom(id, messageIdOf)),
    artifacts: artifactsFrom(fields),
    history: fields.objects('history', fields.limits.historyMax, (message) => {
      turn += 1;
      return messageFrom((said) => messageIdOf(`${id} turn ${turn} ${said}`))(message);
    }),
    metadata: fields.struct('metadata'),
  });
}

/** The same words at another time are other words; agents without times are taken to repeat themselves. */
function statusFrom(taskId: string, messageIdOf: MessageIdOf): (fields: Fields) => TaskStatus {
  return (fields) => {
    const timestamp = timestampFrom(fields);
    const idOf: MessageIdOf = (said) => messageIdOf(`${taskId} status ${timestamp ?? ''} ${said}`);
    return present<TaskStatus>({
      state: stateFrom(fields),
      message: fields.object('message', messageFrom(idOf)),
      timestamp,
    });
  };
}

/** Times without a zone, which early agents send, are UTC. */
function timestampFrom(fields: Fields): string | undefined {
  const text = fields.optionalString('timestamp');
  if (text === undefined) return undefined;
  const time = normaliseTimestamp(text) ?? normaliseTimestamp(`${text}Z`);
  if (time === undefined) fields.violate('timestamp', 'must be an RFC 3339 time');
  return time;
}

/** Artifacts with one index between them are one artifact: agents that do not count say 0 for each, so those get their place. */
function artifactsFrom(fields: Fields): readonly Artifact[] | undefined {
  const artifacts = fields.objects('artifacts', fields.limits.artifactsMax, artifactFrom);
  const ids = new Set(artifacts?.map(({ artifactId }) => artifactId));
  if (artifacts === undefined || ids.size === artifacts.length) return artifacts;
  return artifacts.map((artifact, place) => ({ ...artifact, artifactId: artifactIdOf(place) }));
}

function artifactFrom(fields: Fields): Artifact {
  return present<Artifact>({
    artifactId: artifactIdOf(fields.int32('index', { min: 0 }) ?? 0),
    name: fields.optionalString('name'),
    description: fields.optionalString('description'),
    parts: partsFrom(fields),
    metadata: fields.struct('metadata'),
    extensions: undefined,
  });
}

function artifactIdOf(index: number): string {
  return `artifact-${index}`;
}
