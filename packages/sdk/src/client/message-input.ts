import type { Delegation } from '../delegation.ts';
import type { JsonObject, Message, Part, SendMessageConfiguration, SendMessageRequest } from '@colloquy/protocol';

/** What to say: a text, parts, or a whole message without the fields that are filled in. */
export type MessageInput =
  | string
  | readonly Part[]
  | (Pick<Message, 'parts'> &
      Partial<Pick<Message, 'messageId' | 'contextId' | 'taskId' | 'metadata' | 'extensions' | 'referenceTaskIds'>>);

/** How to say it. */
export interface SendOptions extends SendMessageConfiguration {
  /** Goes on with this conversation. */
  readonly contextId?: string;
  /** Answers a task that asked for input. */
  readonly taskId?: string;
  /** Metadata of the request, not of the message. */
  readonly metadata?: JsonObject;
  /** Makes the send one effect however often it is repeated; default is the messageId, which is new for each send. */
  readonly idempotencyKey?: string;
  /** The task that this is sent for. Default: inside a handler of `@colloquy/sdk/agent` its task; null: none, a chain of its own. */
  readonly delegation?: Delegation | null;
  /** What the task and everything that agents send for it may cost, in microcredits. */
  readonly budgetMicrocredits?: number;
  /** How urgent it is: 0 to 9, the most urgent; 5 when nothing is said. */
  readonly priority?: number;
  /** RFC 3339: what is not done by then is not done any more. In the future, at most 30 days ahead. */
  readonly deadline?: string;
  /** Ends the call, never the task. */
  readonly signal?: AbortSignal;
}

const dispatchUri = 'urn:colloquy:extension:dispatch:v1';

/** The request of a send; the same for all its tries. */
export function sendRequest(input: MessageInput, options: SendOptions): SendMessageRequest {
  const { contextId, taskId, metadata, idempotencyKey: _key, signal: _signal, ...rest } = options;
  const { delegation: _delegation, budgetMicrocredits: _budget, priority, deadline, ...configuration } = rest;
  const content = contentOf(input);
  const message: Message = {
    messageId: crypto.randomUUID(),
    role: 'ROLE_USER',
    ...(contextId === undefined ? {} : { contextId }),
    ...(taskId === undefined ? {} : { taskId }),
    ...content,
    ...urgencyOf(content, { priority, deadline }),
  };
  return {
    message,
    ...(Object.keys(configuration).length === 0 ? {} : { configuration }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** What the message says of its urgency, beside its other metadata. */
function urgencyOf(
  { metadata }: Partial<Message>,
  { priority, deadline }: { readonly priority: number | undefined; readonly deadline: string | undefined },
): Pick<Message, 'metadata'> {
  if (priority === undefined && deadline === undefined) return {};
  const urgency = { ...(priority === undefined ? {} : { priority }), ...(deadline === undefined ? {} : { deadline }) };
  return { metadata: { ...metadata, [dispatchUri]: urgency } };
}

function contentOf(input: MessageInput): Pick<Message, 'parts'> & Partial<Message> {
  if (typeof input === 'string') return { parts: [{ text: input }] };
  return 'parts' in input ? input : { parts: input };
}
