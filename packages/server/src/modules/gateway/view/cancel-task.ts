import { isInterrupted, isTerminal } from '@colloquy/protocol';
import type { CancelTaskRequest, Task, TaskState } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { holdsLease, taskMachine } from '../../tasks/index.ts';
import type { TaskRow, TaskViewer } from '../../tasks/index.ts';
import { awaitEnd, awaitRest } from './await-rest.ts';
import { cancelIdleTask } from '../run/fail-idle-task.ts';
import { instanceOf } from '../send/continue-task.ts';
import { taskIdOf } from './task-id-of.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';
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
    if (taskMachine[row.state].cancel === 'refused') throw new PlatformError('task.not-cancelable');
    let { state, isQueued } = row;
    for (;;) {
      // Nobody works on it: it is canceled where it waits, unless it is claimed first.
      if (isQueued && (await cancelQueued(ports, viewer, row.taskId))) break;
      if (holdsLease(state)) state = await askForCancel(ports, caller, viewer, row.taskId);
      // It waits for its caller, or began to before the wish was heard; or it went on before it could be taken.
      if (!isInterrupted(state) || (await cancelInterrupted(ports, caller, address, row))) break;
      ({ state, isQueued } = await findVisibleTask(ports.store, viewer, row.taskId));
    }
    const { task } = await awaitEnd(ports, caller, { viewer, taskId: row.taskId, run: null }, limits.cancelWaitMs);
    if (isTerminal(task.status.state) && task.status.state !== 'TASK_STATE_CANCELED')
      throw new PlatformError('task.not-cancelable');
    return task;
  };
}

async function cancelQueued(ports: GatewayPorts, viewer: TaskViewer, taskId: TaskId): Promise<boolean> {
  const row = await findVisibleTask(ports.store, viewer, taskId);
  return row.isQueued && (await cancelIdleTask(ports, row));
}

/** Writes the wish and has it heard; the state that the task then comes to rest in, or is in when the time is up. */
async function askForCancel(
  ports: GatewayPorts,
  caller: Caller,
  viewer: TaskViewer,
  taskId: TaskId,
): Promise<TaskState> {
  const isWritten = await ports.store.requestCancel(viewer, taskId);
  if (isWritten && !ports.runs.cancel(taskId)) ports.announce(taskId);
  const { task } = await awaitRest(ports, caller, { viewer, taskId, run: null }, limits.cancelWaitMs);
  return task.status.state;
}

/** Nobody works on an interrupted task, so this node takes it under its lease to end it. False when it changed meanwhile. */
async function cancelInterrupted(
  ports: GatewayPorts,
  caller: Caller,
  address: AgentAddress,
  { tenantId, taskId, agentId, servedBy }: TaskRow,
): Promise<boolean> {
  const nodeId = ports.nodeId();
  // All that the work needs is known before the claim: nothing may come between a claim and its work.
  const route = await ports.routes.resolveAgent(tenantId, address.agentName, servedBy ?? agentId);
  const row = await ports.store.findForWork(tenantId, taskId);
  const view = await readView(ports.store, tenantId, taskId);
  if (row === null) return false;
  const claimed = await ports.store.claimInterrupted(tenantId, taskId, nodeId, row.attempt);
  if (claimed === null) return false;
  ports.runs.startCancel({
    taskId,
    nodeId,
    attempt: claimed.attempt,
    view,
    route,
    instance: instanceOf(route, row),
    ownerId: row.ownerId,
    requestId: caller.requestId,
    upstreamTaskId: row.upstreamTaskId,
  });
  return true;
}
