import type { Statement } from '../statement.ts';

export interface QueueColumns {
  readonly tenant_id: string;
  readonly agent_id: string;
  readonly queued: number | null;
  readonly queued_at: Date;
  readonly found_at: Date;
  readonly free: number | null;
}

/** The head of every queue, of every tenant: from one head to the next by the index, however long the queues are. */
export function findQueues(limit: number): Statement<QueueColumns> {
  return {
    name: 'find-queues',
    text: `
      with recursive head as (
        (
          select t.tenant_id, t.agent_id, t.queued_at from colloquy.tasks t
          where t.queue_rank is not null order by t.tenant_id, t.agent_id, t.queue_rank limit 1
        )
        union all
        select n.tenant_id, n.agent_id, n.queued_at from head h
        cross join lateral (
          select t.tenant_id, t.agent_id, t.queued_at from colloquy.tasks t
          where t.queue_rank is not null and (t.tenant_id, t.agent_id) > (h.tenant_id, h.agent_id)
          order by t.tenant_id, t.agent_id, t.queue_rank limit 1
        ) n
      )
      select h.tenant_id, h.agent_id, h.queued_at, colloquy.now_utc() as found_at, s.queued,
        -- Null, not 0, for an agent that works on any number of tasks.
        case when s.slots_max is not null then greatest(s.slots_max - s.in_use, 0) end as free
      from (select * from head limit $1) h
      left join colloquy.slots s on s.tenant_id = h.tenant_id and s.key_id = h.agent_id`,
    values: [limit],
  };
}
