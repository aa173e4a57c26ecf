import { randomBytes } from 'node:crypto';
import type { TaskState } from '@colloquy/protocol';
import { closingOf } from '../src/modules/metering/index.ts';
import type { NewTask, TaskEventDraft, TaskWrite } from '../src/modules/tasks/index.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** 32 hex digits that nothing else has. */
export function digest(): string {
  return randomBytes(16).toString('hex');
}

/** A send to the tenant's agent as the gateway would record it. */
export function draftTask(
  { ids, nodeId }: Pick<TaskSetting, 'ids' | 'nodeId'>,
  tenant: SeededTenant,
  overrides: Partial<NewTask> = {},
): NewTask {
  const taskId = ids.next('tsk');
  const contextId = ids.next('ctx');
  const { tenantId, agentId, instanceId, ownerId } = tenant;
  const task = { id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED' } };
  return {
    tenantId,
    taskId,
    contextId,
    agentId,
    agentName: tenant.agentName,
    instanceId,
    ownerId,
    requestId: ids.next('req'),
    nodeId,
    keyHash: digest(),
    fingerprint: digest(),
    reserveMicrocredits: 10n,
    decision: JSON.stringify({ agent: tenant.agentName }),
    sendOptions: null,
    submitted: JSON.stringify({ task }),
    statusAtMs: Date.now(),
    ...overrides,
  };
}

/** One status event of a task. */
export function statusDraft(task: Pick<NewTask, 'taskId' | 'contextId'>, state: TaskState): TaskEventDraft {
  const { taskId, contextId } = task;
  return {
    kind: 'status',
    json: JSON.stringify({ statusUpdate: { taskId, contextId, status: { state } } }),
    state,
  };
}

/** One artifact event of a task. */
export function artifactDraft(task: Pick<NewTask, 'taskId' | 'contextId'>, text: string): TaskEventDraft {
  const { taskId, contextId } = task;
  const artifact = { artifactId: 'a', parts: [{ text }] };
  return { kind: 'artifact', json: JSON.stringify({ artifactUpdate: { taskId, contextId, artifact, append: true } }) };
}

/** A write by the holder of the first attempt, straight after the recording. */
export function draftWrite(
  task: NewTask,
  events: readonly TaskEventDraft[],
  overrides: Partial<TaskWrite> = {},
): TaskWrite {
  const state = events.findLast((event) => event.state !== undefined)?.state ?? null;
  return {
    tenantId: task.tenantId,
    taskId: task.taskId,
    nodeId: task.nodeId,
    attempt: 1,
    expectedSeq: 1,
    events,
    state,
    statusAtMs: null,
    upstreamTaskId: null,
    end: null,
    ...overrides,
  };
}

/** The write that ends a task. */
export function draftEnd(
  setting: Pick<TaskSetting, 'ids'>,
  task: NewTask,
  state: TaskState,
  overrides: Partial<TaskWrite> = {},
): TaskWrite {
  return draftWrite(task, [statusDraft(task, state)], {
    statusAtMs: Date.now(),
    end: {
      closing: closingOf(state) === 'settle' ? 'settle' : 'release',
      errorCode: state === 'TASK_STATE_FAILED' ? 'upstream.refused' : null,
      auditId: setting.ids.next('ent'),
      auditAction: state === 'TASK_STATE_COMPLETED' ? 'task.completed' : 'task.failed',
      priceMicrocredits: null,
      auditOutcome: state === 'TASK_STATE_COMPLETED' ? 'succeeded' : 'failed',
    },
    ...overrides,
  });
}
