import { isTerminal } from '@colloquy/protocol';
import type { JsonObject, TaskState } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { authorize } from '../../access/index.ts';
import type { Operation } from '../../access/index.ts';
import type { SchemaJudge } from '../../registry/index.ts';
import type { TaskCost, TaskRow } from '../../tasks/index.ts';
import { askedOf, calledState, errorOf, givenBy } from './called-task.ts';
import type { CalledTask, OutputViolation } from './called-task.ts';
import type { GatewayPorts, TaskStream } from '../ports.ts';
import { taskIdOf } from './visible-task.ts';
import { readView } from './read-view.ts';
import { costInState } from './task-cost.ts';
import { resumeStream } from './task-stream.ts';

export interface CallPorts extends GatewayPorts {
  readonly schemas: Pick<SchemaJudge, 'violationsOf'>;
}

/** A task of the caller with the name of its agent. */
interface OwnTask {
  readonly row: TaskRow;
  readonly agentName: string;
}

/** A task of the caller at any agent. Throws `task.unknown` for a task that is missing, another caller's, or out of reach. */
export function readCalledTask(ports: CallPorts) {
  return async (caller: Caller, taskId: string): Promise<CalledTask> => {
    return showCalledTask(ports, caller, await findOwnTask(ports, caller, taskIdOf(taskId), 'task.get'));
  };
}

/** The log of such a task from the beginning, or after `lastEventId`, until it ends. Throws `request.invalid` for an id of another log. */
export function followCalledTask(ports: CallPorts) {
  return async (caller: Caller, taskId: string, lastEventId: number | null): Promise<TaskStream> => {
    const { row } = await findOwnTask(ports, caller, taskIdOf(taskId), 'task.subscribe');
    return resumeStream(ports, { caller, row, shown: {} }, lastEventId ?? 0);
  };
}

/** The task that a call has begun. */
export async function readBegunTask(ports: CallPorts, caller: Caller, taskId: TaskId): Promise<CalledTask> {
  return showCalledTask(ports, caller, await findOwnTask(ports, caller, taskId, null));
}

async function findOwnTask(
  { store }: CallPorts,
  caller: Caller,
  taskId: TaskId,
  operation: Operation | null,
): Promise<OwnTask> {
  const row = await store.findForWork(caller.tenant.id, taskId);
  const parent = row?.ownerId === caller.principal.id ? await store.findParent(caller.tenant.id, taskId) : null;
  if (row === null || parent === null) throw new PlatformError('task.unknown');
  const { agentName } = parent;
  if (operation !== null) assertReached(caller, operation, agentName);
  return { row, agentName };
}

/** A task at an agent that the caller's rights or token no longer reach looks like a missing one. */
function assertReached(caller: Caller, operation: Operation, agentName: string): void {
  try {
    authorize(caller, operation, { tenantSlug: caller.tenant.slug, agentName });
  } catch (error) {
    throw new PlatformError('task.unknown', { cause: error });
  }
}

async function showCalledTask(ports: CallPorts, caller: Caller, { row, agentName }: OwnTask): Promise<CalledTask> {
  const { task } = await readView(ports.store, row, caller.held);
  const { state, timestamp } = task.status;
  const asked = askedOf(task);
  const given = givenBy(task);
  const updatedAtMs = timestamp === undefined ? row.statusAtMs : Date.parse(timestamp);
  const schema = state === 'TASK_STATE_COMPLETED' ? await outputSchemaOf(ports, row, agentName, asked.type) : null;
  return {
    taskId: row.taskId,
    ...asked,
    ...given,
    tenantSlug: caller.tenant.slug,
    requesterId: row.ownerId,
    agentName,
    contextId: row.contextId,
    status: calledState(state, row.errorCode ?? task.status.message?.metadata?.['errorCode']),
    outputViolations: schema === null ? [] : violationsOf(ports, schema, given),
    error: errorOf(task, row),
    cost: await costAt(ports, row, state),
    deadlineAtMs: row.deadlineAtMs,
    createdAtMs: row.createdAtMs,
    updatedAtMs,
    completedAtMs: isTerminal(state) ? updatedAtMs : null,
  };
}

/** The log was read before: of a task that had not ended by then nothing is settled yet. */
async function costAt(
  { store }: CallPorts,
  { tenantId, taskId }: Pick<TaskRow, 'tenantId' | 'taskId'>,
  state: TaskState,
): Promise<TaskCost> {
  const cost = (await store.readCosts(tenantId, [taskId])).get(taskId);
  if (cost === undefined) throw new PlatformError('task.unknown');
  return costInState(cost, state);
}

/** The output schema of this skill on the agent's current card; null where there is none, or the agent is gone. */
async function outputSchemaOf(
  { routes }: CallPorts,
  { tenantId, agentId }: TaskRow,
  agentName: string,
  skillId: string | null,
): Promise<JsonObject | null> {
  if (skillId === null) return null;
  try {
    const { skills } = await routes.resolveAgent(tenantId, agentName, agentId);
    return skills.get(skillId)?.outputSchema ?? null;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'registry.agent-unknown') return null;
    throw error;
  }
}

function violationsOf(
  { schemas }: CallPorts,
  schema: JsonObject,
  { outputs }: Pick<CalledTask, 'outputs'>,
): readonly OutputViolation[] {
  if (outputs === undefined) return [{ field: '', description: 'there is no data' }];
  return schemas.violationsOf(schema, outputs);
}
