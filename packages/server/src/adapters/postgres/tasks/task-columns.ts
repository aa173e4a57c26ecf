import { taskStates } from '@colloquy/protocol';
import type { JsonObject, TaskState } from '@colloquy/protocol';
import { idOf } from '../../../kernel/ids.ts';
import type { DelegationChain, TaskRow } from '../../../modules/tasks/index.ts';

/** The columns of a task as every reading statement selects them from `colloquy.tasks t`. */
export const taskColumns = `t.tenant_id, t.task_id, t.context_id, t.agent_id, t.instance_id, t.served_by, t.owner_id, t.request_id, t.state,
  t.status_at, t.last_seq, t.node_id, t.attempt, t.upstream_task_id, t.cancel_requested_at, t.send_options, t.error_code, t.chain,
  t.queue_rank is not null as is_queued, t.queue_delay_ms is not null as is_queueable, t.slot_keys is not null as holds_slots,
  t.tries, t.deadline_at, t.created_at, t.is_context_unmapped, t.decision -> 'prices' as prices`;

export interface TaskColumns {
  readonly tenant_id: string;
  readonly task_id: string;
  readonly context_id: string;
  readonly agent_id: string;
  readonly instance_id: string;
  readonly served_by: string | null;
  readonly owner_id: string;
  readonly request_id: string;
  readonly state: string;
  readonly status_at: Date;
  readonly last_seq: number;
  readonly node_id: string | null;
  readonly attempt: number;
  readonly upstream_task_id: string | null;
  readonly cancel_requested_at: Date | null;
  readonly send_options: string | null;
  readonly error_code: string | null;
  readonly chain: DelegationChain | null;
  readonly is_queued: boolean;
  readonly is_queueable: boolean;
  readonly holds_slots: boolean;
  readonly tries: number | null;
  readonly deadline_at: Date | null;
  readonly created_at: Date;
  readonly is_context_unmapped: boolean;
  readonly prices: JsonObject | null;
}

export function taskOf(row: TaskColumns): TaskRow {
  return {
    tenantId: idOf('tnt', row.tenant_id),
    taskId: idOf('tsk', row.task_id),
    contextId: row.context_id,
    isContextUnmapped: row.is_context_unmapped,
    agentId: idOf('agt', row.agent_id),
    instanceId: idOf('ins', row.instance_id),
    servedBy: row.served_by === null ? null : idOf('agt', row.served_by),
    ownerId: row.owner_id,
    requestId: row.request_id,
    state: stateOfName(row.state),
    statusAtMs: row.status_at.getTime(),
    lastSeq: row.last_seq,
    nodeId: row.node_id === null ? null : idOf('nod', row.node_id),
    attempt: row.attempt,
    upstreamTaskId: row.upstream_task_id,
    cancelRequested: row.cancel_requested_at !== null,
    sendOptions: row.send_options,
    ...(row.prices === null ? {} : { prices: row.prices }),
    errorCode: row.error_code,
    chain: row.chain,
    isQueued: row.is_queued,
    isQueueable: row.is_queueable,
    holdsSlots: row.holds_slots,
    agentAttempts: row.tries,
    deadlineAtMs: row.deadline_at?.getTime() ?? null,
    createdAtMs: row.created_at.getTime(),
  };
}

const names = {
  TASK_STATE_SUBMITTED: 'submitted',
  TASK_STATE_WORKING: 'working',
  TASK_STATE_INPUT_REQUIRED: 'input-required',
  TASK_STATE_AUTH_REQUIRED: 'auth-required',
  TASK_STATE_COMPLETED: 'completed',
  TASK_STATE_FAILED: 'failed',
  TASK_STATE_CANCELED: 'canceled',
  TASK_STATE_REJECTED: 'rejected',
} as const satisfies Record<Exclude<TaskState, 'TASK_STATE_UNSPECIFIED'>, string>;

/** The state as the `tasks` table spells it. */
export function stateName(state: TaskState): string {
  if (state === 'TASK_STATE_UNSPECIFIED') throw new TypeError('No task is stored without a state.');
  return names[state];
}

/** The state a column value stands for. */
function stateOfName(name: string): TaskState {
  const state = taskStates.find((one) => one !== 'TASK_STATE_UNSPECIFIED' && names[one] === name);
  if (state === undefined) throw new TypeError(`The database holds an unknown task state: ${name}`);
  return state;
}
