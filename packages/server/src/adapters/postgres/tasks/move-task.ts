import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskMove } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

const isOwn = `t.tenant_id = $1 and t.task_id = $2 and t.node_id = $3 and t.attempt = $4 and t.state in ('submitted', 'working')`;

/** The parts of the statement that a move away from slots adds. */
interface AddedParts {
  readonly before: string;
  readonly kept: string;
  readonly from: string;
  readonly after: string;
}

// A task whose agent is another from now on is no longer known by the name that the one before it gave it.
const textOf = ({ before, kept, from, after }: AddedParts): string => `
with ${before}moved as (
  update colloquy.tasks t set instance_id = case when $11::boolean then $6::uuid else t.instance_id end,
    served_by = case when not $11 then t.served_by when t.agent_id = $5 then null else $5 end,
    upstream_task_id = case when not $11 then t.upstream_task_id end${kept}
  ${from}where ${isOwn}
  returning t.tenant_id, t.task_id
)${after}
insert into colloquy.task_tries (tenant_id, task_id, try, kind, agent_id, agent_name, instance_id, cause)
select m.tenant_id, m.task_id, $10::int, $8, $5::uuid, $7, $6::uuid, $9 from moved m
on conflict (tenant_id, task_id, try) do update set cause = excluded.cause
returning try`;

const text = textOf({ before: '', kept: '', from: '', after: '' });

/** What it held of the agent itself stays when another instance of that agent goes on. */
const offSlots = textOf({
  before: `was as materialized (
  select t.slot_keys, array(select k from unnest(t.slot_keys) as u (k) where k = t.agent_id and k = $5::uuid) as kept
  from colloquy.tasks t where ${isOwn}
),
`,
  kept: `, slot_keys = nullif(w.kept, '{}')`,
  from: 'from was w ',
  after: `,
freed as (
  update colloquy.slots s set in_use = s.in_use - 1
  from was w, moved m
  where s.tenant_id = m.tenant_id and s.key_id = any (w.slot_keys) and s.key_id <> all (w.kept)
)`,
});

/**
 * Gives the task to another instance, or has it asked as well, and keeps who it was and why. No row when somebody else owns the task. The
 * slots that it leaves are locked.
 */
export function moveTask(move: TaskMove): Statement {
  const { lease, agentId, agentName, instanceId, kind, cause, isMove, number } = move;
  return {
    ...(move.leavesSlots === true ? { name: 'move-task-off-slots', text: offSlots } : { name: 'move-task', text }),
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
