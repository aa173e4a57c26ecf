import type { Clock } from '../../kernel/clock.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { IdSource, TaskId } from '../../kernel/ids.ts';
import type { TaskLog, TaskRow, TaskStore } from '../tasks/index.ts';
import { failureDraft } from './failure-draft.ts';
import { taskEndOf } from './task-end.ts';

export interface FailPorts {
  readonly store: Pick<TaskStore, 'write'>;
  readonly log: Pick<TaskLog, 'publish'>;
  readonly announce: (taskId: TaskId) => void;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * Ends a task as failed that no run of this process works on, from its row alone: its log may be the very thing that nobody survives
 * reading. False when something happened to the task since its row was read.
 */
export async function failIdleTask(ports: FailPorts, row: TaskRow, code: ErrorCode): Promise<boolean> {
  const { tenantId, taskId, contextId, nodeId, attempt, lastSeq: expectedSeq } = row;
  const nowMs = ports.clock.nowMs();
  const { kind, response } = failureDraft({ id: taskId, contextId, status: { state: row.state } }, code, nowMs);
  const state = 'TASK_STATE_FAILED';
  const event = { kind, json: JSON.stringify(response), state } as const;
  const end = taskEndOf(state, code, ports.ids.next('ent'));
  const lease = { tenantId, taskId, nodeId, attempt, expectedSeq };
  const outcome = await ports.store.write({
    ...lease,
    events: [event],
    state,
    statusAtMs: nowMs,
    upstreamTaskId: null,
    end,
  });
  if (outcome === 'stale') return false;
  ports.log.publish(taskId, [{ ...event, seq: expectedSeq + 1 }]);
  ports.announce(taskId);
  return true;
}
