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
import { pricingOf } from '../send/task-prices.ts';
import { findVisibleTask, taskIdOf, viewerOf } from './visible-task.ts';
import { readView } from './read-view.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';

export interface CancelOptions {
  /** Whether a canceled task cannot be canceled again (A2A 0.3 section 8.2), or is answered as it is (A2A 1.0 section 3.3.1). */
  readonly isRepeatRefused?: boolean;
}

/**
 * CancelTask (A2A 1.0 section 3.1.5). The cancel request is a committed row, so the node that works on the task carries it out. Answers with the
 * canceled task, or with the task as it stands when the cancel takes longer than `limits.cancelWaitMs`.
 */
export function cancelTask(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: CancelTaskRequest,
    { isRepeatRefused = false }: CancelOptions = {},
  ): Promise<Task> => {
    const viewer = await viewerOf(ports, caller, address, 'task.cancel');
    const row = await findVisibleTask(ports.store, viewer, taskIdOf(request.id));
    const isRepeat = isRepeatRefused && row.state === 'TASK_STATE_CANCELED';
    if (isRepeat || taskMachine[row.state].cancel === 'refused') throw new PlatformError('task.not-cancelable');
    let { state, isQueued } = row;
    for (;;) {
      // No node works on a queued task: it is canceled here, unless a node claims it first.
      if (isQueued && (await cancelQueued(ports, viewer, row.taskId))) break;
      if (holdsLease(state)) state = await requestCancel(ports, caller, viewer, row.taskId);
      // The task waits for its caller, or began to before the request was read; or it went on before this node could claim it.
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

/** Writes the cancel request and notifies the node that works on the task. Returns the state it comes to rest in, or is in when time is up. */
async function requestCancel(
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

/** No node works on an interrupted task, so this node claims it to end it. False when it changed meanwhile. */
async function cancelInterrupted(
  ports: GatewayPorts,
  caller: Caller,
  address: AgentAddress,
  { tenantId, taskId, agentId, servedBy }: TaskRow,
): Promise<boolean> {
  const nodeId = ports.nodeId();
  // Everything is read before the claim, so that nothing can fail between the claim and the work.
  const route = await ports.routes.resolveAgent(tenantId, address.agentName, servedBy ?? agentId);
  const row = await ports.store.findForWork(tenantId, taskId);
  const view = await readView(ports.store, { tenantId, taskId }, caller.held);
  if (row === null) return false;
  const pricing = await pricingOf(ports.store, row, null);
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
    ...pricing,
  });
  return true;
}
