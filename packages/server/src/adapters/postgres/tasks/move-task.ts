import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { TaskMove } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Moves the task to another instance, or records that another instance is asked in parallel, with the reason. No row when the lease is lost. The
 * slots that the task frees are locked by the statement before.
 */
export function moveTask(move: TaskMove): Statement {
  const { lease, agentId, agentName, instanceId, kind, cause, isMove, number } = move;
  return {
    ...(move.leavesSlots === true ? { name: 'move-task-off-slots', text: offSlotsText } : { name: 'move-task', text }),
    values: [
      uuidOf(lease.tenantId),
      uuidOf(lease.taskId),
      uuidOf(lease.nodeId),
      lease.attempt,
      uuidOf(agentId),
      uuidOf(instanceId),
      agentName,
      kind,
      cause,
      number,
      isMove,
    ],
  };
}

const text = `
with moved as (
  update colloquy.tasks t set instance_id = case when $11::boolean then $6::uuid else t.instance_id end,
    served_by = case when not $11 then t.served_by when t.agent_id = $5 then null else $5 end,
    -- The new instance has not named the task yet.
    upstream_task_id = case when not $11 then t.upstream_task_id end
  where t.tenant_id = $1 and t.task_id = $2 and t.node_id = $3 and t.attempt = $4 and t.state in ('submitted', 'working')
  returning t.tenant_id, t.task_id
)
insert into colloquy.task_tries (tenant_id, task_id, try, kind, agent_id, agent_name, instance_id, cause)
select m.tenant_id, m.task_id, $10::int, $8, $5::uuid, $7, $6::uuid, $9 from moved m
on conflict (tenant_id, task_id, try) do update set cause = excluded.cause
returning try`;

const offSlotsText = `
with was as materialized (
  select t.slot_keys, array(select k from unnest(t.slot_keys) as u (k) where k = t.agent_id and k = $5::uuid) as kept
  from colloquy.tasks t
  where t.tenant_id = $1 and t.task_id = $2 and t.node_id = $3 and t.attempt = $4 and t.state in ('submitted', 'working')
),
moved as (
  update colloquy.tasks t set instance_id = case when $11::boolean then $6::uuid else t.instance_id end,
    served_by = case when not $11 then t.served_by when t.agent_id = $5 then null else $5 end,
    -- The new instance has not named the task yet.
    upstream_task_id = case when not $11 then t.upstream_task_id end,
    -- A slot of the agent itself stays when another instance of the agent goes on.
    slot_keys = nullif(w.kept, '{}')
  from was w
  where t.tenant_id = $1 and t.task_id = $2 and t.node_id = $3 and t.attempt = $4 and t.state in ('submitted', 'working')
  returning t.tenant_id, t.task_id
),
freed as (
  update colloquy.slots s set in_use = s.in_use - 1
  from was w, moved m
  where s.tenant_id = m.tenant_id and s.key_id = any (w.slot_keys) and s.key_id <> all (w.kept)
)
insert into colloquy.task_tries (tenant_id, task_id, try, kind, agent_id, agent_name, instance_id, cause)
select m.tenant_id, m.task_id, $10::int, $8, $5::uuid, $7, $6::uuid, $9 from moved m
on conflict (tenant_id, task_id, try) do update set cause = excluded.cause
returning try`;

/** How many agent attempts a task has had, the first one included. */
export function countAttempts(tenantId: TenantId, taskId: TaskId): Statement<{ readonly tries: number }> {
  return {
    name: 'count-tries',
    text: `select coalesce(max(try), 1) as tries from colloquy.task_tries where tenant_id = $1 and task_id = $2`,
    values: [uuidOf(tenantId), uuidOf(taskId)],
  };
}
