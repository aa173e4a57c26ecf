import { isTerminal } from '@colloquy/protocol';
import type { CancelTaskRequest, Task } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { holdsLease, taskMachine } from '../tasks/index.ts';
import type { TaskRow, TaskViewer } from '../tasks/index.ts';
import { awaitEnd } from './await-rest.ts';
import { instanceOf } from './continue-task.ts';
import { taskIdOf } from './dispatch-send.ts';
import type { AgentAddress, GatewayPorts } from './ports.ts';
import { findVisibleTask, readView } from './read-task.ts';
import { viewerOf } from './viewer-of.ts';

/**
 * CancelTask (A2A 1.0 section 3.1.5). The wish is a committed row, so the node that works on the task obeys it wherever it runs.
 * Answers the canceled task, or the task as it stands when the cancel takes longer than `limits.cancelWaitMs`.
 */
export function cancelTask(ports: GatewayPorts) {
  return async (caller: Caller, address: AgentAddress, request: CancelTaskRequest): Promise<Task> => {
    const viewer = await viewerOf(ports, caller, address, 'task.cancel');
    const row = await findVisibleTask(ports.store, viewer, taskIdOf(request.id));
    const verdict = taskMachine[row.state].cancel;
    if (verdict === 'refused') throw new PlatformError('task.not-cancelable');
    if (verdict === 'allowed') await askForCancel(ports, caller, address, viewer, row);
    const { task } = await awaitEnd(ports, caller, { viewer, taskId: row.taskId, run: null }, limits.cancelWaitMs);
    const { state } = task.status;
    if (isTerminal(state) && state !== 'TASK_STATE_CANCELED') throw new PlatformError('task.not-cancelable');
    return task;
  };
}

async function askForCancel(
  ports: GatewayPorts,
  caller: Caller,
  address: AgentAddress,
  viewer: TaskViewer,
  row: TaskRow,
): Promise<void> {
  if (!holdsLease(row.state)) return cancelInterrupted(ports, caller, address, row);
  if (!(await ports.store.requestCancel(viewer, row.taskId))) return;
  if (!ports.runs.cancel(row.taskId)) ports.announce(row.taskId);
}

/** Nobody works on an interrupted task, so this node takes it under its lease to end it. */
async function cancelInterrupted(
  ports: GatewayPorts,
  caller: Caller,
  address: AgentAddress,
  row: TaskRow,
): Promise<void> {
  const nodeId = ports.nodeId();
  const claimed = await ports.store.claimInterrupted(row.tenantId, row.taskId, nodeId, row.attempt);
  if (claimed === null) return;
  const route = await ports.routes.resolve(caller.tenant.id, address.agentName);
  ports.runs.startCancel({
    taskId: row.taskId,
    nodeId,
    attempt: claimed.attempt,
    view: await readView(ports.store, row.tenantId, row.taskId),
    route,
    instance: instanceOf(route, row),
    ownerId: row.ownerId,
    requestId: caller.requestId,
    upstreamTaskId: row.upstreamTaskId,
  });
}
