import { decodeObject, isRecord, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type { Message, Part, SendMessageRequest, SendMessageResponse, Task } from '../model/index.ts';
import { partsFrom } from './decode-message.ts';
import { wirePartOf } from './encode-message.ts';
import { wireStateOf } from './states.ts';

/** Where the plain forms of a send are posted, below an agent's address. Neither has a JSON-RPC envelope. */
export const plainPaths = { task: '/tasks/send', message: '/a2a/message/send' } as const;

/**
 * Decodes the body of a plain tasks/send: `{id, message: {text}, timestamp?}`. The id, which the caller chooses, becomes the message's
 * `taskId`; the message has no id of its own. Throws {@link DecodeError}.
 */
export function decodePlainTask(body: unknown, limits: DecodeLimits): SendMessageRequest {
  return decodeObject(body, limits, (fields) => {
    const taskId = fields.requiredId('id');
    const contextId = fields.optionalId('sessionId');
    const message = fields.requiredObject('message', plainMessageFrom);
    return present<SendMessageRequest>({
      routingTag: undefined,
      message: { ...message, ...(contextId === undefined ? {} : { contextId }), taskId },
      configuration: undefined,
      metadata: fields.struct('metadata'),
    });
  });
}

/**
 * Decodes the body of a plain message/send: `{method: "message/send", params: {message: {role?, parts}}}`. The message has an empty
 * id unless it brings one. Throws {@link DecodeError}.
 */
export function decodePlainMessage(body: unknown, limits: DecodeLimits): SendMessageRequest {
  return decodeObject(body, limits, (fields) => {
    const method = fields.optionalString('method') ?? 'message/send';
    if (method !== 'message/send') fields.violate('method', 'must be message/send');
    return fields.requiredObject('params', (params) =>
      present<SendMessageRequest>({
        routingTag: undefined,
        message: params.requiredObject('message', plainMessageFrom),
        configuration: undefined,
        metadata: params.struct('metadata'),
      }),
    );
  });
}

/** A message that is a text or has parts, said by the user unless it says otherwise. */
function plainMessageFrom(fields: Fields): Message {
  const role = fields.optionalString('role') ?? 'user';
  if (role !== 'user') fields.violate('role', 'must be user');
  return present<Message>({
    messageId: fields.optionalId('messageId') ?? '',
    contextId: fields.optionalId('contextId'),
    taskId: fields.optionalId('taskId'),
    role: 'ROLE_USER',
    parts: contentFrom(fields),
    metadata: fields.struct('metadata'),
    extensions: undefined,
    referenceTaskIds: undefined,
  });
}

function contentFrom(fields: Fields): readonly Part[] {
  if (fields.value('text') === undefined) return partsFrom(fields);
  if (fields.value('parts') !== undefined) fields.violate('', 'must have exactly one of text, parts; both are present');
  const text = fields.text('text');
  if (text === '') fields.violate('text', 'is required');
  return [{ text }];
}

/** What a task has to show: its artifacts, and without any its last words. */
function contentOf({ artifacts = [], status }: Task): readonly Part[] {
  const made = artifacts.flatMap(({ parts }) => parts);
  return made.length > 0 ? made : (status.message?.parts ?? []);
}

/**
 * The answer to a plain tasks/send, as JSON text: `{id, status, result, timestamp}`, under the name that the caller gave the task. A
 * result of texts alone is their text.
 */
export function encodePlainTask(response: SendMessageResponse, id: string): string {
  const { task, message } = response;
  const parts = task === undefined ? message.parts : contentOf(task);
  return JSON.stringify({
    id,
    status: task === undefined ? 'completed' : wireStateOf(task.status.state),
    result: parts.every(isText) ? parts.map(({ text }) => text).join('\n') : resultOf(parts),
    ...(task?.status.timestamp === undefined ? {} : { timestamp: task.status.timestamp }),
  });
}

/** The one object that a result is, or its parts. */
function resultOf(parts: readonly Part[]): unknown {
  const [only] = parts;
  return parts.length === 1 && isRecord(only?.data) ? only.data : parts.map(wirePartOf);
}

function isText(part: Part): part is Part & { readonly text: string } {
  return part.text !== undefined;
}

/** The answer to a plain message/send, as JSON text: the agent's message, and the task it belongs to with its state. */
export function encodePlainMessage({ task, message }: SendMessageResponse): string {
  const parts = task === undefined ? message.parts : contentOf(task);
  const said = { role: 'agent', parts: parts.map(wirePartOf) };
  if (task === undefined) {
    const { messageId, contextId } = message;
    return JSON.stringify({ message: { ...said, messageId, ...(contextId === undefined ? {} : { contextId }) } });
  }
  const ids = { taskId: task.id, ...(task.contextId === undefined ? {} : { contextId: task.contextId }) };
  return JSON.stringify({ message: { ...said, ...ids }, status: wireStateOf(task.status.state) });
}
