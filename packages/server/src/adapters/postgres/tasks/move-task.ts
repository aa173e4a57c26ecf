import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskMove } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

// A task whose agent is another from now on is no longer known by the name that the one before it gave it.
const text = `
with moved as (
  update colloquy.tasks t set instance_id = case when $11::boolean then $6::uuid else t.instance_id end,
    served_by = case when not $11 then t.served_by when t.agent_id = $5 then null else $5 end,
    upstream_task_id = case when not $11 then t.upstream_task_id end
  where t.tenant_id = $1 and t.task_id = $2 and t.node_id = $3 and t.attempt = $4 and t.state in ('submitted', 'working')
  returning t.tenant_id, t.task_id
)
insert into colloquy.task_tries (tenant_id, task_id, try, kind, agent_id, agent_name, instance_id, cause)
select m.tenant_id, m.task_id, $10::int, $8, $5::uuid, $7, $6::uuid, $9 from moved m
on conflict (tenant_id, task_id, try) do update set cause = excluded.cause
returning try`;

/** Gives the task to another instance, or has it asked as well, and keeps who it was and why. No row when somebody else owns the task. */
export function moveTask(move: TaskMove): Statement {
  const { lease, agentId, agentName, instanceId, kind, cause, isMove, number } = move;
  return {
    name: 'move-task',
    text,
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
