import { decodeObject, isRecord, present } from '../codec/index.ts';
import type { ClientOutcome, DecodeLimits, Fields } from '../codec/index.ts';
import { DecodeError, parseRestError } from '../errors/index.ts';
import { readJson } from '../json/index.ts';
import { decodeJsonRpcAnswer } from '../jsonrpc/index.ts';
import type { Task } from '../model/index.ts';
import type { AcpRpcMethod } from './calls.ts';
import { taskFrom } from './decode-task.ts';
import type { MessageIdOf } from './decode-task.ts';
import { parseAcpRpcError } from './errors.ts';
import { requiredWord, subscriptionEvents } from './names.ts';
import { streamStatuses } from './results.ts';
import type { AcpRpcStream, AcpRpcSubscription } from './results.ts';

/** The URL that requests go to: that of a card is complete, and a base that an operator gives may lack the last segment. */
export function endpointOf(base: string): string {
  return base.endsWith('/jsonrpc') ? base : `${base.replace(/\/$/, '')}/jsonrpc`;
}

/** How an answer is read. */
export interface AcpRpcReadOptions {
  readonly id: string | number;
  readonly method: AcpRpcMethod;
  readonly httpStatus: number;
  readonly depthMax: number;
  readonly limits: DecodeLimits;
  readonly messageIdOf: MessageIdOf;
}

/**
 * The result of a call. `partial` is a task that says no more than its id and perhaps its status: the whole task is to be asked for.
 * `accepted` is any other answer that is no error.
 */
export type AcpRpcResult =
  | { readonly kind: 'task'; readonly task: Task; readonly partial: boolean }
  | { readonly kind: 'stream'; readonly stream: AcpRpcStream }
  | { readonly kind: 'subscription'; readonly subscription: AcpRpcSubscription }
  | { readonly kind: 'accepted' };

/**
 * Reads the body of an answer. Null members are absent, and an error may carry the id 0 or none. The body decides before the HTTP
 * status, which servers in the field set to 404 or 500 for errors of their own. Never throws, whatever the bytes.
 */
export function decodeAnswer(body: Uint8Array | string, options: AcpRpcReadOptions): ClientOutcome<AcpRpcResult> {
  const { depthMax, httpStatus, id, method } = options;
  const reading = readJson(body, { depthMax });
  if (reading.kind === 'refusal') return unread(httpStatus, reading.message);
  const { value } = reading;
  if (isRecord(value) && isRecord(value['error']) && (value['result'] ?? null) === null) {
    const isOurs = [id, 0, null, undefined].some((accepted) => accepted === value['id']);
    if (!isOurs) return unread(httpStatus, 'the answer carries another id than the request');
    return { kind: 'agent-error', error: parseAcpRpcError(value['error'], method) };
  }
  const answer = decodeJsonRpcAnswer(value, id);
  if (answer.kind === 'malformed') return unread(httpStatus, answer.message);
  if (answer.kind === 'error') return { kind: 'agent-error', error: answer.error };
  try {
    return {
      kind: 'value',
      value: decodeObject(answer.result, options.limits, (fields) => resultFrom(fields, options)),
    };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'invalid', message: 'the result breaks the protocol', violations: error.violations };
  }
}

/** Where the body is no answer, the HTTP status of a refusal still says something. */
function unread(httpStatus: number, message: string): ClientOutcome<AcpRpcResult> {
  if (httpStatus >= 400) return { kind: 'agent-error', error: parseRestError(undefined, httpStatus) };
  return { kind: 'invalid', message, violations: [] };
}

function resultFrom(fields: Fields, { method, messageIdOf }: AcpRpcReadOptions): AcpRpcResult {
  if (method === 'tasks.create' || method === 'tasks.get') return taskResultFrom(fields, messageIdOf);
  if (method === 'stream.start') return { kind: 'stream', stream: fields.requiredObject('stream', streamFrom) };
  if (method !== 'tasks.subscribe') return { kind: 'accepted' };
  return { kind: 'subscription', subscription: fields.requiredObject('subscription', subscriptionFrom) };
}

/** Some servers answer with the members of the task instead of the task, and with few of them. */
function taskResultFrom(fields: Fields, messageIdOf: MessageIdOf): AcpRpcResult {
  const read = (task: Fields): AcpRpcResult => {
    if (task.value('status') === undefined) {
      const submitted: Task = { id: task.requiredId('taskId'), status: { state: 'TASK_STATE_SUBMITTED' } };
      return { kind: 'task', task: submitted, partial: true };
    }
    return { kind: 'task', task: taskFrom(task, messageIdOf), partial: task.value('createdAt') === undefined };
  };
  return fields.value('task') === undefined && fields.value('taskId') !== undefined
    ? read(fields)
    : fields.requiredObject('task', read);
}

function streamFrom(fields: Fields): AcpRpcStream {
  return present<AcpRpcStream>({
    streamId: fields.requiredId('streamId'),
    status: requiredWord(fields, 'status', streamStatuses),
    participants: fields.strings('participants', fields.limits.idCharsMax) ?? [],
    createdAt: fields.timestamp('createdAt'),
    closedAt: fields.timestamp('closedAt'),
    metadata: fields.struct('metadata'),
  });
}

function subscriptionFrom(fields: Fields): AcpRpcSubscription {
  const words = fields.strings('events') ?? [];
  return present<AcpRpcSubscription>({
    subscriptionId: fields.requiredId('subscriptionId'),
    taskId: fields.requiredId('taskId'),
    callbackUrl: fields.requiredString('callbackUrl'),
    events: subscriptionEvents.filter((event) => words.includes(event)),
    createdAt: fields.timestamp('createdAt'),
    active: fields.boolean('active'),
  });
}
