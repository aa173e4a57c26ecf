import type { Delegation } from '../delegation.ts';
import type { CostOption } from './task-cost.ts';
import type { JsonObject, Message, Part, SendMessageConfiguration, SendMessageRequest } from '@colloquy/protocol';

/** A message to send: a text, parts, or a message without the fields that the client fills in. */
export type MessageInput =
  | string
  | readonly Part[]
  | (Pick<Message, 'parts'> &
      Partial<Pick<Message, 'messageId' | 'contextId' | 'taskId' | 'metadata' | 'extensions' | 'referenceTaskIds'>>);

/** Options of a send. */
export interface SendOptions extends SendMessageConfiguration, CostOption {
  /** Continues this conversation. */
  readonly contextId?: string;
  /** Answers a task that asked for input. */
  readonly taskId?: string;
  /** Metadata of the request, not of the message. */
  readonly metadata?: JsonObject;
  /** Repeated sends with one key start one task. Default: the messageId, which is new for each send. */
  readonly idempotencyKey?: string;
  /** The task that this is sent for. Default: inside a handler of `@colloquy/sdk/agent` its task. Null starts a new delegation chain. */
  readonly delegation?: Delegation | null;
  /** The most that the task and all tasks that agents send for it may cost, in microcredits. */
  readonly budgetMicrocredits?: number;
  /** 0 to 9, where 9 is the most urgent; default 5. */
  readonly priority?: number;
  /** RFC 3339, at most 30 days ahead. The platform ends the task when it is not done by then. */
  readonly deadline?: string;
  /** Ends the call, never the task. */
  readonly signal?: AbortSignal;
}

const urgencyUri = 'urn:colloquy:extension:dispatch:v1';

/** The request of a send; the same for all its attempts. */
export function sendRequest(input: MessageInput, options: SendOptions): SendMessageRequest {
  const { contextId, taskId, metadata, idempotencyKey: _key, signal: _signal, ...rest } = options;
  const { delegation: _delegation, budgetMicrocredits: _budget, showCost: _cost, ...wanted } = rest;
  const { priority, deadline, ...configuration } = wanted;
  const content = contentOf(input);
  const message: Message = {
    role: 'ROLE_USER',
    ...(contextId === undefined ? {} : { contextId }),
    ...(taskId === undefined ? {} : { taskId }),
    ...content,
    messageId: content.messageId ?? crypto.randomUUID(),
    ...urgencyOf(content, { priority, deadline }),
  };
  return {
    message,
    ...(Object.keys(configuration).length === 0 ? {} : { configuration }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** The message's priority and deadline, beside its other metadata. */
function urgencyOf(
  { metadata }: Partial<Message>,
  { priority, deadline }: { readonly priority: number | undefined; readonly deadline: string | undefined },
): Pick<Message, 'metadata'> {
  if (priority === undefined && deadline === undefined) return {};
  const urgency = { ...(priority === undefined ? {} : { priority }), ...(deadline === undefined ? {} : { deadline }) };
  return { metadata: { ...metadata, [urgencyUri]: urgency } };
}

function contentOf(input: MessageInput): Pick<Message, 'parts'> & Partial<Message> {
  if (typeof input === 'string') return { parts: [{ text: input }] };
  return 'parts' in input ? input : { parts: input };
}
