import { decodeObject, isList, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type {
  AcpRpcMethod,
  AcpRpcParams,
  CancelParams,
  CreateParams,
  NotificationParams,
  StreamEndParams,
  StreamStartParams,
  SubscribeParams,
} from './calls.ts';
import { artifactFrom, messageFrom, taskFrom } from './decode-task.ts';
import type { MessageIdOf } from './decode-task.ts';
import { optionalWord, priorities, requiredWord, subscriptionEvents } from './names.ts';
import type { AcpRpcEvent } from './names.ts';

/** How params are read. */
export interface ParamsOptions {
  readonly limits: DecodeLimits;
  /** The id of the message that the params carry. */
  readonly messageId: string;
  /** Ids of the messages of a task that a notification carries. */
  readonly messageIdOf: MessageIdOf;
}

type Reader<T> = (fields: Fields, options: ParamsOptions) => T;

const readers: { readonly [M in AcpRpcMethod]: Reader<AcpRpcParams[M]> } = {
  'tasks.create': createFrom,
  'tasks.send': (fields, options) => ({
    taskId: fields.requiredId('taskId'),
    message: sent(fields, 'message', options),
  }),
  'tasks.get': (fields) => ({
    taskId: fields.requiredId('taskId'),
    includeMessages: fields.boolean('includeMessages') ?? true,
    includeArtifacts: fields.boolean('includeArtifacts') ?? true,
  }),
  'tasks.cancel': (fields) =>
    present<CancelParams>({ taskId: fields.requiredId('taskId'), reason: fields.optionalString('reason') }),
  'tasks.subscribe': subscribeFrom,
  'stream.start': (fields) =>
    present<StreamStartParams>({
      participants: fields.strings('participants', fields.limits.idCharsMax) ?? [],
      metadata: fields.struct('metadata'),
    }),
  'stream.message': (fields, options) => ({
    streamId: fields.requiredId('streamId'),
    message: sent(fields, 'message', options),
  }),
  'stream.end': (fields) =>
    present<StreamEndParams>({ streamId: fields.requiredId('streamId'), reason: fields.optionalString('reason') }),
  'task.notification': notificationFrom,
  'stream.chunk': (fields, options) => ({
    streamId: fields.requiredId('streamId'),
    chunk: sent(fields, 'chunk', options),
    sequence: requiredInteger(fields, 'sequence'),
    isLast: fields.boolean('isLast') ?? false,
  }),
};

/** Decodes the params of a method. Only `stream.start` may leave them out. Throws {@link DecodeError}. */
export function decodeParams<M extends AcpRpcMethod>(
  method: M,
  params: unknown,
  options: ParamsOptions,
): AcpRpcParams[M] {
  if (params === undefined && method !== 'stream.start') {
    throw new DecodeError([{ field: '', description: `${method} needs params` }]);
  }
  const read: Reader<AcpRpcParams[M]> = readers[method];
  return decodeObject(params ?? {}, options.limits, (fields) => read(fields, options));
}

/** A `system` message of a request is its sender's. */
function sent(fields: Fields, name: string, { messageId }: ParamsOptions): CreateParams['initialMessage'] {
  return fields.requiredObject(name, (message) => messageFrom(message, { messageId, systemRole: 'ROLE_USER' }));
}

function createFrom(fields: Fields, options: ParamsOptions): CreateParams {
  return present<CreateParams>({
    initialMessage: sent(fields, 'initialMessage', options),
    assignTo: fields.optionalId('assignTo'),
    priority: optionalWord(fields, 'priority', priorities),
    metadata: fields.struct('metadata'),
  });
}

function subscribeFrom(fields: Fields): SubscribeParams {
  const callbackUrl = fields.requiredString('callbackUrl');
  if (callbackUrl !== '' && !/^https?:\/\//i.test(callbackUrl)) fields.violate('callbackUrl', 'must be an HTTP URL');
  else if (callbackUrl !== '' && !URL.canParse(callbackUrl)) fields.violate('callbackUrl', 'must be a URL');
  return present<SubscribeParams>({
    taskId: fields.requiredId('taskId'),
    callbackUrl,
    events: eventsFrom(fields),
    webhookSecret: fields.optionalString('webhookSecret'),
  });
}

function eventsFrom(fields: Fields): readonly AcpRpcEvent[] {
  const given = fields.value('events');
  if (given === undefined) return ['STATUS_CHANGE', 'COMPLETED', 'FAILED'];
  if (isList(given) && given.length === 0) fields.violate('events', 'must have one element at least');
  const words = fields.strings('events') ?? [];
  for (const [index, word] of words.entries()) {
    if (subscriptionEvents.some((event) => event === word)) continue;
    fields.violate('events', `must be one of ${subscriptionEvents.join(', ')}`, index);
  }
  return subscriptionEvents.filter((event) => words.includes(event));
}

function notificationFrom(fields: Fields, { messageId, messageIdOf }: ParamsOptions): NotificationParams {
  const event = requiredWord(fields, 'event', subscriptionEvents);
  const timestamp = fields.timestamp('timestamp');
  if (fields.value('timestamp') === undefined) fields.violate('timestamp', 'is required');
  const isAboutTask = event !== 'NEW_MESSAGE' && event !== 'NEW_ARTIFACT';
  const facts = { messageId, systemRole: 'ROLE_AGENT' } as const;
  return present<NotificationParams>({
    taskId: fields.requiredId('taskId'),
    event,
    timestamp: timestamp ?? '',
    task: isAboutTask ? fields.object('data', (task) => taskFrom(task, messageIdOf)) : undefined,
    message: event === 'NEW_MESSAGE' ? fields.object('data', (message) => messageFrom(message, facts)) : undefined,
    artifact: event === 'NEW_ARTIFACT' ? fields.object('data', artifactFrom) : undefined,
  });
}

function requiredInteger(fields: Fields, name: string): number {
  const value = fields.value(name);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value === 0 ? 0 : value;
  fields.violate(name, value === undefined ? 'is required' : 'must be an integer of at least 0');
  return 0;
}
