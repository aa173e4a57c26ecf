import { isTerminal } from '@colloquy/protocol';
import type { SubscribeToTaskRequest } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { taskIdOf } from './task-id-of.ts';
import type { AgentAddress, GatewayPorts, TaskStream } from '../ports.ts';
import { findVisibleTask, readView } from './read-task.ts';
import { asksForCursors } from './stream-cursor.ts';
import { resumeStream, streamTask } from './task-stream.ts';
import { viewerOf } from './viewer-of.ts';

export interface SubscribeOptions {
  /** The last sequence the caller has; what is after it follows. */
  readonly lastEventId?: number;
  /** URIs of the extensions that the caller asks for. */
  readonly extensions?: readonly string[];
}

/**
 * SubscribeToTask (A2A 1.0 section 3.1.6): a snapshot, then every later event until the task ends. With `lastEventId` the view
 * goes on after that sequence instead; for a task that has ended only where the caller names the extension for it.
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
    const wish = { tellsCursor: asksForCursors(options) };
    const isReplay = lastEventId !== undefined && wish.tellsCursor;
    if (isTerminal(row.state) && !isReplay) throw new PlatformError('task.ended');
    if (lastEventId !== undefined) return resumeStream(ports, { caller, row, wish }, lastEventId);
    const { taskId, tenantId } = row;
    const { task, seq } = await readView(ports.store, tenantId, taskId);
    const snapshot = { seq, json: JSON.stringify({ task }) };
    return streamTask(ports, caller, { tenantId, taskId, afterSeq: seq, snapshot, ...wish });
  };
}
