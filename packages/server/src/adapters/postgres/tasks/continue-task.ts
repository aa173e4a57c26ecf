import { uuidOf } from '../../../kernel/ids.ts';
import type { ContinueTask } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { isVisible } from './task-visibility.ts';
import { stateName } from './task-state-names.ts';

/** Claims a waiting task for its next turn, with the turn's events and its idempotency key, if it is as the caller saw it. */
export function continueTask(turn: ContinueTask): Statement<{ readonly task_id: string }> {
  const { viewer, taskId, events } = turn;
  return {
    name: 'continue-task',
    text,
    values: [
      uuidOf(viewer.tenantId),
      uuidOf(taskId),
      viewer.ownerId,
      viewer.agentName,
      uuidOf(turn.nodeId),
      turn.expectedSeq,
      turn.expectedAttempt,
      stateName(turn.state),
      new Date(turn.statusAtMs),
      events.map(({ kind }) => kind),
      events.map(({ json }) => json),
      turn.keyHash,
      turn.fingerprint,
    ],
  };
}

const text = `
with moved as (
  update colloquy.tasks t
  set state = $8, status_at = $9, node_id = $5, attempt = t.attempt + 1, last_seq = t.last_seq + cardinality($10::text[]),
    -- Whoever wished to cancel before has changed their mind.
    cancel_requested_at = null, waiting_since = null, next_look_at = null, takeovers = 0
  where t.tenant_id = $1 and t.task_id = $2 and ${isVisible('$3', '$4')}
    and t.last_seq = $6 and t.attempt = $7 and t.state in ('input-required', 'auth-required')
  returning t.tenant_id, t.task_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select m.tenant_id, m.task_id, $6::int + e.ord, e.kind, e.payload
  from moved m cross join unnest($10::text[], $11::text[]) with ordinality as e (kind, payload, ord)
),
keyed as (
  insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id)
  select m.tenant_id, $12::uuid, $13::uuid, m.task_id from moved m
)
select task_id from moved`;
