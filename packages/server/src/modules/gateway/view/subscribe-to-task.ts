import { isTerminal } from '@colloquy/protocol';
import type { SubscribeToTaskRequest } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { findVisibleTask, taskIdOf, viewerOf } from './visible-task.ts';
import { readView } from './read-view.ts';
import type { AgentAddress, GatewayPorts, TaskStream } from '../ports.ts';
import { asksForCursors } from './requested-extensions.ts';
import { resumeStream, streamTask } from './task-stream.ts';

export interface SubscribeOptions {
  /** The last sequence that the caller has; the stream continues after it. */
  readonly lastEventId?: number;
  /** URIs of the extensions that the caller requests. */
  readonly extensions?: readonly string[];
}

/**
 * SubscribeToTask (A2A 1.0 section 3.1.6): streams a snapshot, then every later event until the task ends. With `lastEventId` the stream continues
 * after that sequence instead; for an ended task only when the caller requests the extension for it.
 */
export function subscribeToTask(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: SubscribeToTaskRequest,
    options: SubscribeOptions,
  ): Promise<TaskStream> => {
    const viewer = await viewerOf(ports, caller, address, 'task.subscribe');
    const row = await findVisibleTask(ports.store, viewer, taskIdOf(request.id));
    const { lastEventId } = options;
    const shown = { tellsCursor: asksForCursors(options) };
    const isReplay = lastEventId !== undefined && shown.tellsCursor;
    if (isTerminal(row.state) && !isReplay) throw new PlatformError('task.ended');
    if (lastEventId !== undefined) return resumeStream(ports, { caller, row, shown }, lastEventId);
    const { taskId, tenantId } = row;
    const { task, seq } = await readView(ports.store, row, caller.held);
    const snapshot = { seq, json: JSON.stringify({ task }) };
    return streamTask(ports, caller, { tenantId, taskId, afterSeq: seq, snapshot, ...shown });
  };
}
