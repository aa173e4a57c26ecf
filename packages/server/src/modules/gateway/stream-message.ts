import { trimTask } from '@colloquy/protocol';
import type { SendMessageRequest } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { dispatchSend } from './dispatch-send.ts';
import type { SendOptions } from './dispatch-send.ts';
import type { AgentAddress, GatewayPorts, TaskStream } from './ports.ts';
import { streamTask } from './task-stream.ts';

export interface StreamOptions extends SendOptions {
  /** The last sequence the caller has; what is after it follows. */
  readonly lastEventId?: number;
}

/**
 * SendStreamingMessage (A2A 1.0 section 3.1.2): the task first, then its events as they are committed, until it ends or asks for
 * input. A repeated send streams the same task from its log, after `lastEventId` when that is given.
 */
export function streamMessage(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: SendMessageRequest,
    options: StreamOptions,
  ): Promise<TaskStream> => {
    const send = await dispatchSend(ports, caller, address, request, options);
    const historyLength = request.configuration?.historyLength;
    const { turn } = send;
    return streamTask(ports, {
      tenantId: send.viewer.tenantId,
      taskId: send.taskId,
      afterSeq: turn?.seq ?? options.lastEventId ?? 0,
      ...(turn === null
        ? {}
        : { snapshot: { seq: turn.seq, json: JSON.stringify({ task: trimTask(turn.task, { historyLength }) }) } }),
      historyLength,
      endsAt: 'TASK_STATE_INPUT_REQUIRED',
    });
  };
}
