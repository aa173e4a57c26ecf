import { trimTask } from '@colloquy/protocol';
import type { SendMessageRequest } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { acceptSend } from './accept-send.ts';
import type { SendOptions } from './send.ts';
import type { AgentAddress, GatewayPorts, TaskStream } from '../ports.ts';
import { findVisibleTask } from '../view/visible-task.ts';
import { asksForCursors } from '../view/requested-extensions.ts';
import { assertRoomForStream, resumeStream, streamTask } from '../view/task-stream.ts';

export interface StreamOptions extends SendOptions {
  /** The last sequence that the caller has; the stream continues after it. */
  readonly lastEventId?: number;
}

/**
 * SendStreamingMessage (A2A 1.0 section 3.1.2): streams the task first, then its events as they are committed, until it ends or asks for input.
 * A repeated send streams the same task from its log, after `lastEventId` when that is given.
 */
export function streamMessage(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: SendMessageRequest,
    options: StreamOptions,
  ): Promise<TaskStream> => {
    assertRoomForStream(ports, caller.tenant.id, caller.principal.id);
    const resumed = options.lastEventId === undefined ? {} : { isResumed: true as const };
    const send = await acceptSend(ports, { caller, address, request, options, ...resumed });
    const { viewer, taskId, run, begun } = send;
    const shown = {
      historyLength: request.configuration?.historyLength,
      endsAt: 'TASK_STATE_INPUT_REQUIRED',
      tellsCursor: asksForCursors(options),
    } as const;
    // A send that is new here was never streamed before, whatever sequence its caller names.
    const isRepeated = run === null && begun === null;
    if (isRepeated && options.lastEventId !== undefined) {
      const row = await findVisibleTask(ports.store, viewer, taskId);
      return resumeStream(ports, { caller, row, shown }, options.lastEventId);
    }
    const streamed = { tenantId: viewer.tenantId, taskId, afterSeq: begun?.seq ?? 0, ...shown };
    if (begun === null) return streamTask(ports, caller, streamed);
    const json = JSON.stringify({ task: trimTask(begun.task, shown) });
    return streamTask(ports, caller, { ...streamed, snapshot: { seq: begun.seq, json } });
  };
}
