import type { Message, SendMessageRequest } from '@colloquy/protocol';
import type { UpstreamMessage } from './upstream.ts';

/** A turn as it is said to the agent. */
export function upstreamMessage(
  request: SendMessageRequest,
  contextId: string,
  upstreamTaskId: string | null,
): UpstreamMessage {
  return { message: messageForAgent(request.message, contextId, upstreamTaskId), ...sendOptionsOf(request) };
}

/** The message as the agent gets it: in our context, under the agent's own task id, without ids that mean nothing to it. */
export function messageForAgent(message: Message, contextId: string, upstreamTaskId: string | null): Message {
  const { taskId: _ours, referenceTaskIds: _foreign, ...rest } = message;
  return { ...rest, contextId, ...(upstreamTaskId === null ? {} : { taskId: upstreamTaskId }) };
}

/** What is said beside the message, as JSON: kept so that another node can say the same. Null for nothing. */
export function encodeSendOptions(request: SendMessageRequest): string | null {
  const options = sendOptionsOf(request);
  return Object.keys(options).length === 0 ? null : JSON.stringify(options);
}

function sendOptionsOf({ configuration, metadata }: SendMessageRequest): Omit<UpstreamMessage, 'message'> {
  const modes = configuration?.acceptedOutputModes;
  return {
    ...(modes === undefined ? {} : { configuration: { acceptedOutputModes: modes } }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
