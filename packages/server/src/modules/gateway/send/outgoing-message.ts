import type { Message } from '@colloquy/protocol';
import { activeExtensions } from './card-demands.ts';
import type { RoutedSend } from './send.ts';
import type { UpstreamMessage } from '../run/upstream.ts';

/** A send of which its agent is known. */
export type OutgoingSend = Pick<RoutedSend, 'request' | 'options' | 'route'>;

/** The ids under which an agent knows what a message is about; its own ids, never ours. */
export interface AgentIds {
  /** Of the task the message belongs to; null for a new one. */
  readonly upstreamTaskId: string | null;
  /** Of the tasks it refers to, see `findReferences`. */
  readonly references: readonly string[];
}

/** A turn as it is said to the agent. */
export function upstreamMessage(send: OutgoingSend, contextId: string, ids: AgentIds): UpstreamMessage {
  return { message: messageForAgent(send.request.message, contextId, ids), ...sendOptionsOf(send) };
}

/** The message as the agent gets it: in our context, under the agent's own ids, without ids that mean nothing to it. */
export function messageForAgent(message: Message, contextId: string, ids: AgentIds): Message {
  const { taskId: _ours, referenceTaskIds: _foreign, ...rest } = message;
  return {
    ...rest,
    contextId,
    ...(ids.upstreamTaskId === null ? {} : { taskId: ids.upstreamTaskId }),
    ...(ids.references.length === 0 ? {} : { referenceTaskIds: ids.references }),
  };
}

/** What is said beside the message, as JSON: kept so that another node can say the same. Null for nothing. */
export function encodeSendOptions(send: OutgoingSend): string | null {
  const options = sendOptionsOf(send);
  return Object.keys(options).length === 0 ? null : JSON.stringify(options);
}

function sendOptionsOf({ request, options, route }: OutgoingSend): Omit<UpstreamMessage, 'message'> {
  const { configuration, metadata } = request;
  const modes = configuration?.acceptedOutputModes;
  const extensions = activeExtensions(route, { options });
  return {
    ...(modes === undefined ? {} : { configuration: { acceptedOutputModes: modes } }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(extensions.length === 0 ? {} : { extensions }),
  };
}
