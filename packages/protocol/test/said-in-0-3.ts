/** What A2A 0.3 can say of a model. All that is left out or changed here is lost on the way through 0.3. */
import type {
  AgentCard,
  Artifact,
  JsonObject,
  JsonValue,
  Message,
  OperationRequest,
  Part,
  SendMessageRequest,
  StreamResponse,
  Task,
  TaskOperationRequest,
  TaskStatus,
} from '../src/model/index.ts';
import type { Dialect } from '../src/v0_3/index.ts';

/** A task, or what carries tasks and messages. */
export function said<T extends Task | StreamResponse>(model: T, dialect: Dialect): object {
  if ('id' in model) return saidTask(model, dialect);
  const { task, message, statusUpdate, artifactUpdate } = model;
  if (task !== undefined) return { task: saidTask(task, dialect) };
  if (message !== undefined) return { message: saidMessage(message, dialect) };
  if (statusUpdate !== undefined)
    return { statusUpdate: { ...statusUpdate, status: saidStatus(statusUpdate.status, dialect) } };
  if (artifactUpdate !== undefined)
    return { artifactUpdate: { ...artifactUpdate, artifact: saidArtifact(artifactUpdate.artifact, dialect) } };
  throw new TypeError('no such model');
}

function saidTask(task: Task, dialect: Dialect): Task {
  const { artifacts, history } = task;
  return {
    ...task,
    status: saidStatus(task.status, dialect),
    ...(artifacts === undefined ? {} : { artifacts: artifacts.map((artifact) => saidArtifact(artifact, dialect)) }),
    ...(history === undefined ? {} : { history: history.map((message) => saidMessage(message, dialect)) }),
  };
}

function saidStatus(status: TaskStatus, dialect: Dialect): TaskStatus {
  return status.message === undefined ? status : { ...status, message: saidMessage(status.message, dialect) };
}

function saidArtifact(artifact: Artifact, dialect: Dialect): Artifact {
  return { ...artifact, parts: artifact.parts.map((part) => saidPart(part, dialect)) };
}

function saidMessage(message: Message, dialect: Dialect): Message {
  const { referenceTaskIds, ...rest } = message;
  const parts = message.parts.map((part) => saidPart(part, dialect));
  // The proto of 0.3 has no references.
  return { ...rest, parts, ...(dialect === 'proto' || referenceTaskIds === undefined ? {} : { referenceTaskIds }) };
}

/** Only files have a media type, and in JSON-RPC a name. The proto of 0.3 has no metadata of parts. */
function saidPart(part: Part, dialect: Dialect): Part {
  const { metadata, filename, mediaType, ...content } = part;
  const isFile = part.raw !== undefined || part.url !== undefined;
  return {
    ...(content as Part),
    ...(part.data === undefined ? {} : saidData(part.data, dialect)),
    ...(metadata === undefined || dialect === 'proto' || isVain(part) ? {} : { metadata }),
    ...(filename === undefined || dialect === 'proto' || !isFile ? {} : { filename }),
    ...(mediaType === undefined || !isFile ? {} : { mediaType }),
  };
}

/** What is no object is wrapped in one; only JSON-RPC can mark that, and so undo it. */
function saidData(data: JsonValue, dialect: Dialect): object {
  return { data: dialect === 'json' || isObject(data) ? data : { value: data } };
}

/** Empty metadata beside wrapped data is gone after unwrapping. */
function isVain({ data, metadata }: Part): boolean {
  return data !== undefined && !isObject(data) && Object.keys(metadata ?? {}).length === 0;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** 0.3 has no routing tags, and always a configuration. */
export function saidRequest(call: TaskOperationRequest, dialect: Dialect): OperationRequest {
  const { routingTag: _tag, ...request } = call.request;
  switch (call.operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return { operation: call.operation, request: saidSend(call.request, dialect) };
    case 'CancelTask': {
      const { id, metadata } = call.request;
      const kept = metadata === undefined || dialect === 'proto' ? {} : { metadata };
      return { operation: call.operation, request: { id, ...kept } };
    }
    default:
      return { operation: call.operation, request } as OperationRequest;
  }
}

function saidSend({ message, configuration, metadata }: SendMessageRequest, dialect: Dialect): SendMessageRequest {
  const { taskPushNotificationConfig: push, historyLength, ...rest } = configuration ?? {};
  const { routingTag: _tag, taskId: _task, ...config } = push ?? { url: '' };
  return {
    message: saidMessage(message, dialect),
    configuration: {
      ...rest,
      ...(push === undefined ? {} : { taskPushNotificationConfig: config }),
      // The proto's 0 means all.
      ...(historyLength === undefined || (dialect === 'proto' && historyLength === 0) ? {} : { historyLength }),
    },
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Interfaces of its own version, no device codes, no word on PKCE, and no signatures: they stand for other bytes. */
export function saidCard({ signatures: _signatures, ...card }: AgentCard): AgentCard {
  const interfaces = card.supportedInterfaces.map(({ url, protocolBinding }) => ({
    url,
    protocolBinding,
    protocolVersion: '0.3',
  }));
  const [first] = interfaces;
  const isFirst = (entry: object): boolean => JSON.stringify(entry) === JSON.stringify(first);
  return {
    ...card,
    supportedInterfaces: interfaces.filter((entry, index) => index === 0 || !isFirst(entry)),
    ...withoutPkce(card),
  };
}

function withoutPkce({ securitySchemes }: AgentCard): Pick<AgentCard, 'securitySchemes'> {
  if (securitySchemes === undefined) return {};
  const text = JSON.stringify(securitySchemes, (key, value: unknown) => (key === 'pkceRequired' ? undefined : value));
  return { securitySchemes: JSON.parse(text) as NonNullable<AgentCard['securitySchemes']> };
}
