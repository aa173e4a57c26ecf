import { trimTask } from '@colloquy/protocol';
import type { GetTaskRequest, Task } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { findVisibleTask, taskIdOf, viewerOf } from './visible-task.ts';
import { readView } from './read-view.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';

/** GetTask (A2A 1.0 section 3.1.3). Throws `task.unknown` for a task that is missing or another's. */
export function getTask(ports: GatewayPorts) {
  return async (caller: Caller, address: AgentAddress, request: GetTaskRequest): Promise<Task> => {
    const viewer = await viewerOf(ports, caller, address, 'task.get');
    const row = await findVisibleTask(ports.store, viewer, taskIdOf(request.id));
    const view = await readView(ports.store, row, caller.held);
    return trimTask(view.task, { historyLength: request.historyLength });
  };
}
