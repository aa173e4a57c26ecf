import { uuidOf } from '../../../kernel/ids.ts';
import type { RequeueTask } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** Puts a task from its node back into its queue, and frees its slots. The slots are locked by the statement before. */
export function requeueTask(requeue: RequeueTask): Statement<{ readonly task_id: string }> {
  const { tenantId, taskId, nodeId, attempt, expectedSeq, delayMs } = requeue;
  return {
    name: 'requeue-task',
    text,
    values: [uuidOf(tenantId), uuidOf(taskId), uuidOf(nodeId), attempt, expectedSeq, delayMs],
  };
}

const text = `
with moved as (
  -- The attempt stays: the next claim raises it, and without a node no write passes its fence.
  update colloquy.tasks t
  set node_id = null, queued_at = colloquy.now_utc() + $6::float8 * interval '1 millisecond',
    queue_rank = colloquy.now_utc() + ($6::float8 + t.queue_delay_ms) * interval '1 millisecond'
  where t.tenant_id = $1 and t.task_id = $2 and t.node_id is not distinct from $3 and t.attempt = $4 and t.last_seq = $5
    and t.queue_delay_ms is not null and t.cancel_requested_at is null
  returning t.tenant_id, t.task_id, t.agent_id, t.slot_keys
),
freed as (
  update colloquy.slots s set in_use = s.in_use - (s.key_id = any (coalesce(m.slot_keys, '{}')))::int,
    queued = s.queued + (s.key_id = m.agent_id)::int
  from moved m
  where s.tenant_id = m.tenant_id and s.key_id = any (coalesce(m.slot_keys, '{}') || m.agent_id)
)
select task_id from moved`;
