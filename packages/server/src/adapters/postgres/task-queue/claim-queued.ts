import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TenantId } from '../../../kernel/ids.ts';
import type { QueueClaim } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface ClaimedRow {
  readonly task_id: string;
  readonly agent_id: string;
  readonly attempt: number;
  readonly takeovers: number;
}

/**
 * Claims the next tasks from the queues of a tenant's agents for a node: as many as there are free slots of the agent and of the instances that take
 * new tasks, in the order of their ranks over all these queues. The slots are locked by the statement before. A task that another transaction has
 * locked is skipped, so no transaction that holds slots waits for a task.
 */
export function claimQueued(tenantId: TenantId, nodeId: NodeId, { queues, limit }: QueueClaim): Statement<ClaimedRow> {
  const places = queues.flatMap(({ agentId, instances }) =>
    instances.map(({ instanceId, isOpen }, at) => ({ agentId, instanceId, isOpen, at })),
  );
  return {
    name: 'claim-queued',
    text,
    values: [
      uuidOf(tenantId),
      uuidOf(nodeId),
      limit,
      plainArray(queues.map(({ agentId }) => uuidOf(agentId))),
      plainArray(places.map(({ agentId }) => uuidOf(agentId))),
      plainArray(places.map(({ instanceId }) => uuidOf(instanceId))),
      plainArray(places.map(({ at }) => at)),
      plainArray(places.map(({ isOpen }) => (isOpen ? 'true' : 'false'))),
    ],
  };
}

const text = `
with room as materialized (
  select a.agent_id, s.slots_max is not null as is_limited,
    case when s.slots_max is null then $3::int else least($3::int, greatest(s.slots_max - s.in_use, 0)) end as free
  from unnest($4::uuid[]) as a (agent_id)
  left join colloquy.slots s on s.tenant_id = $1 and s.key_id = a.agent_id
),
spots as materialized (
  select c.agent_id, c.instance_id, c.is_open, c.at, g.nth, s.slots_max is not null as is_limited
  from unnest($5::uuid[], $6::uuid[], $7::int[], $8::boolean[]) as c (agent_id, instance_id, at, is_open)
  join room r on r.agent_id = c.agent_id
  left join colloquy.slots s on s.tenant_id = $1 and s.key_id = c.instance_id
  cross join lateral generate_series(1, case when s.slots_max is null then r.free
    else least(r.free, greatest(s.slots_max - s.in_use, 0)) end) as g (nth)
),
next as materialized (
  select n.*, r.agent_id, r.is_limited,
    row_number() over (partition by r.agent_id, n.bound_to order by n.queue_rank, n.task_id) as nth
  from room r
  cross join lateral (
    -- A further message goes to the instance that knows the task. A message that waits for an instance without a free spot blocks no other.
    select t.task_id, t.queue_rank,
      case when t.upstream_task_id is not null and t.instance_id = any ($6::uuid[]) then t.instance_id end as bound_to
    from colloquy.tasks t
    where t.tenant_id = $1 and t.agent_id = r.agent_id and t.queue_rank is not null
      and t.queued_at <= colloquy.now_utc() and (t.deadline_at is null or t.deadline_at > colloquy.now_utc())
      and (t.upstream_task_id is null or t.instance_id <> all ($6::uuid[])
        or exists (select from spots p where p.agent_id = r.agent_id and p.instance_id = t.instance_id))
    order by t.queue_rank, t.task_id limit r.free for update skip locked
  ) n
),
open_spots as materialized (
  select p.*, row_number() over (partition by p.agent_id order by p.nth, p.at) as place from spots p
  where p.is_open and not exists (select from next n where n.bound_to = p.instance_id and n.nth = p.nth)
),
chosen as materialized (
  select n.task_id, n.queue_rank, n.agent_id, p.instance_id,
    nullif(array_remove(array[case when n.is_limited then n.agent_id end, case when p.is_limited then p.instance_id end], null), '{}')
      as slot_keys
  from next n
  join lateral (
    select p.instance_id, p.is_limited from open_spots p where n.bound_to is null and p.agent_id = n.agent_id and p.place = n.nth
    union all
    select p.instance_id, p.is_limited from spots p where p.instance_id = n.bound_to and p.nth = n.nth
  ) p on true
  order by n.queue_rank, n.task_id limit $3
),
claimed as (
  update colloquy.tasks t
  set node_id = $2, attempt = t.attempt + 1, queue_rank = null, tries = t.tries + 1, instance_id = c.instance_id, served_by = null,
    slot_keys = c.slot_keys, decision = t.decision || jsonb_build_object('instanceId', 'ins_' || replace(c.instance_id::text, '-', ''))
  from chosen c where t.tenant_id = $1 and t.task_id = c.task_id
  returning t.task_id, t.attempt, t.takeovers, t.agent_id, t.slot_keys, c.queue_rank
),
taken as (
  update colloquy.slots s set in_use = s.in_use + c.taken, queued = s.queued - c.queued
  from (
    select key_id, sum(taken)::int as taken, sum(queued)::int as queued
    from (
      select unnest(slot_keys) as key_id, 1 as taken, 0 as queued from claimed
      union all
      select agent_id, 0, 1 from claimed
    ) x group by key_id
  ) c
  where s.tenant_id = $1 and s.key_id = c.key_id
)
select task_id, agent_id, attempt, takeovers from claimed order by queue_rank, task_id`;
