import { isTerminal } from '@colloquy/protocol';
import type { SubscribeToTaskRequest } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { taskIdOf } from './task-id-of.ts';
import type { AgentAddress, GatewayPorts, TaskStream } from './ports.ts';
import { findVisibleTask, readView } from './read-task.ts';
import { resumeStream, streamTask } from './task-stream.ts';
import { viewerOf } from './viewer-of.ts';

/**
 * SubscribeToTask (A2A 1.0 section 3.1.6): a snapshot, then every later event until the task ends. With `lastEventId` the view
 * goes on after that sequence instead, also for a task that has ended: this platform's declared extension.
 */
export function subscribeToTask(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: SubscribeToTaskRequest,
    options: { readonly lastEventId?: number },
  ): Promise<TaskStream> => {
    const viewer = await viewerOf(ports, caller, address, 'task.subscribe');
    const row = await findVisibleTask(ports.store, viewer, taskIdOf(request.id));
    if (options.lastEventId !== undefined) return resumeStream(ports, { caller, row, wish: {} }, options.lastEventId);
    const { taskId, tenantId } = row;
    if (isTerminal(row.state)) throw new PlatformError('task.ended');
    const { task, seq } = await readView(ports.store, tenantId, taskId);
    const snapshot = { seq, json: JSON.stringify({ task }) };
    return streamTask(ports, caller, { tenantId, taskId, afterSeq: seq, snapshot });
  };
}
