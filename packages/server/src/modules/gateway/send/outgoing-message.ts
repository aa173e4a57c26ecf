import type { Message } from '@colloquy/protocol';
import { isId } from '../../../kernel/ids.ts';
import type { TaskRow, TaskStore } from '../../tasks/index.ts';
import type { GatewayPorts } from '../ports.ts';
import type { UpstreamMessage } from '../run/upstream.ts';
import { activeExtensions } from './card-demands.ts';
import type { RoutedSend } from './send.ts';

/** A send whose agent is known. */
export type OutgoingSend = Pick<RoutedSend, 'request' | 'options' | 'route'>;

/** The agent's own ids for the tasks that a message is about; the agent never sees ours. */
export interface AgentIds {
  /** Of the task that the message continues; null for a new one. */
  readonly upstreamTaskId: string | null;
  /** Of the tasks that it refers to; see `findReferences`. */
  readonly references: readonly string[];
}

const none: readonly string[] = [];

/**
 * The agent's ids of the tasks that a message refers to. Only tasks of the same principal at the same agent have one. Any other task is left
 * out, as if the caller had not named it: A2A 1.0 has no error for that.
 */
export async function findReferences(
  store: Pick<TaskStore, 'findUpstreamIds'>,
  task: Pick<TaskRow, 'tenantId' | 'ownerId' | 'agentId'>,
  { referenceTaskIds }: Message,
): Promise<readonly string[]> {
  const known = (referenceTaskIds ?? none).filter((id) => isId('tsk', id));
  if (known.length === 0) return none;
  const upstreamIds = await store.findUpstreamIds(task, known);
  return known.flatMap((id) => upstreamIds.get(id) ?? none);
}

/** The id under which the agent of a task knows its context. */
export function contextIdAtAgent(
  { agentContextId }: Pick<GatewayPorts, 'agentContextId'>,
  task: Pick<TaskRow, 'tenantId' | 'ownerId' | 'contextId' | 'isContextUnmapped'>,
): string {
  return task.isContextUnmapped ? task.contextId : agentContextId(task);
}

/** The message and its options as the agent receives them. `contextId`: see `contextIdAtAgent`. */
export function upstreamMessage(send: OutgoingSend, contextId: string, ids: AgentIds): UpstreamMessage {
  return { message: messageForAgent(send.request.message, contextId, ids), ...sendOptionsOf(send) };
}

/** The message as the agent receives it: with the ids that the agent knows, without ids that mean nothing to it. */
export function messageForAgent(message: Message, contextId: string, ids: AgentIds): Message {
  const { taskId: _ours, referenceTaskIds: _foreign, ...rest } = message;
  return {
    ...rest,
    contextId,
    ...(ids.upstreamTaskId === null ? {} : { taskId: ids.upstreamTaskId }),
    ...(ids.references.length === 0 ? {} : { referenceTaskIds: ids.references }),
  };
}

/** The options beside the message, as JSON: recorded so that another node can send the same again. Null for none. */
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
