-- Counting ended tasks works on PostgreSQL 15 and newer: the function called pg_input_is_valid, which only 16 and newer have. Only this test
-- of an entry's resource differs from 0058; counts stay as they are. On PostgreSQL 15 the first round counts what was left out until now.

grant create on schema colloquy to colloquy_counter;
set local role colloquy_counter;

-- `offset 0` keeps each lookup of rows by their keys apart, and no table is scanned whole. Hash joins put the rows together: without statistics
-- of them the planner would choose nested loops.
create or replace function colloquy.count_ended_tasks(
  tenants_max integer, entries_max integer, excusing_codes text[],
  default_tiers text[], default_availability_ppm integer[], default_latency_ms integer[], default_latency_ppm integer[]
) returns table (entries bigint, tasks bigint, failed bigint, late bigint, is_full boolean)
  language plpgsql volatile security definer set search_path = colloquy, pg_temp
  set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $body$
#variable_conflict use_column
begin
  insert into colloquy.sla_places (tenant_id)
  select c.tenant_id from colloquy.audit_chains c
  where not exists (select from colloquy.sla_places p where p.tenant_id = c.tenant_id)
  on conflict (tenant_id) do nothing;

  return query
  with due as materialized (
    select p.tenant_id, greatest(p.counted_seq, c.pruned_seq) as counted_seq
    from colloquy.sla_places p join colloquy.audit_chains c on c.tenant_id = p.tenant_id
    where greatest(p.counted_seq, c.pruned_seq) < c.last_seq
    order by p.counted_at limit tenants_max
    for update of p skip locked
  ),
  found as materialized (
    select d.tenant_id, s.seq, s.entry_id from due d cross join lateral (
      select c.seq, c.entry_id from colloquy.audit_chain c
      where c.tenant_id = d.tenant_id and c.seq > d.counted_seq order by c.seq limit entries_max
    ) s
  ),
  chained as materialized (
    select f.tenant_id, array_agg(f.entry_id) as entry_ids from found f group by f.tenant_id
  ),
  ends as materialized (
    select e.tenant_id, e.action, e.occurred_at, substr(e.resource, 5)::uuid as task_id
    from chained f cross join lateral (
      select a.tenant_id, a.action, a.occurred_at, a.resource from colloquy.audit_entries a
      where a.tenant_id = f.tenant_id and a.entry_id = any (f.entry_ids) offset 0
    ) e
    where e.action = any ('{task.completed,task.served,task.failed,task.canceled,task.rejected}')
      and e.resource ~ '^tsk_[0-9a-f]{32}$'
  ),
  asked as materialized (
    select e.tenant_id, array_agg(e.task_id) as task_ids,
      -- Only tasks that succeeded have a latency.
      array_agg(e.task_id) filter (where e.action in ('task.completed', 'task.served')) as timed_ids
    from ends e group by e.tenant_id
  ),
  held as materialized (
    select k.tenant_id, k.task_id, k.agent_id, k.error_code, k.created_at from asked q cross join lateral (
      select h.tenant_id, h.task_id, h.agent_id, h.error_code, h.created_at from colloquy.tasks h
      where h.tenant_id = q.tenant_id and h.task_id = any (q.task_ids) offset 0
    ) k
  ),
  begun as materialized (
    select b.tenant_id, b.task_id, b.occurred_at from asked q cross join lateral (
      select v.tenant_id, v.task_id, v.occurred_at from colloquy.task_events v
      where v.tenant_id = q.tenant_id and v.task_id = any (q.timed_ids) and v.seq = 1 offset 0
    ) b
  ),
  timed as materialized (
    select x.tenant_id, x.task_id, t.agent_id, date_trunc('hour', x.occurred_at, 'UTC') as hour, x.action,
      case when x.action in ('task.completed', 'task.served') then x.occurred_at - coalesce(v.occurred_at, t.created_at) end as took,
      x.action in ('task.canceled', 'task.rejected') or coalesce(x.action = 'task.failed' and t.error_code = any (excusing_codes), false) as is_excused
    from ends x
    join held t on t.tenant_id = x.tenant_id and t.task_id = x.task_id
    left join begun v on v.tenant_id = x.tenant_id and v.task_id = x.task_id
  ),
  by_agent as materialized (
    select t.tenant_id, t.agent_id, t.hour, count(*) as ended, count(*) filter (where t.is_excused) as excused,
      count(*) filter (where t.action = 'task.served') as served,
      count(*) filter (where t.action = 'task.failed' and not t.is_excused) as failed,
      array_agg(t.task_id) filter (where t.took is not null) as timed_tasks, array_agg(t.took) filter (where t.took is not null) as times
    from timed t group by t.tenant_id, t.agent_id, t.hour
  ),
  judged as materialized (
    select t.tenant_id, t.hour, a.name as agent_name, a.tier, o.availability_ppm, o.latency_ms, o.latency_ppm,
      t.ended, t.excused, t.served, t.failed, (
        -- Waiting for callers is looked up only for tasks that are late by wall-clock time.
        select count(*) from unnest(t.timed_tasks, t.times) as u (task_id, took)
        where case when u.took <= o.latency_ms * interval '1 millisecond' then false
          else u.took - colloquy.time_waited(t.tenant_id, u.task_id) > o.latency_ms * interval '1 millisecond' end
      ) as late
    from by_agent t
    cross join lateral (
      select g.name, g.tier from colloquy.agents g where g.tenant_id = t.tenant_id and g.agent_id = t.agent_id offset 0
    ) a
    left join lateral (
      select s.availability_ppm, s.latency_ms, s.latency_ppm from colloquy.sla_objectives s
      where s.tenant_id = t.tenant_id and s.kind = 'agent' and s.subject = a.name and s.holds_from <= t.hour
      order by s.holds_from desc limit 1
    ) g on true
    left join lateral (
      select s.availability_ppm, s.latency_ms, s.latency_ppm from colloquy.sla_objectives s
      where s.tenant_id = t.tenant_id and s.kind = 'tier' and s.subject = a.tier and s.holds_from <= t.hour
      order by s.holds_from desc limit 1
    ) r on true
    cross join lateral (
      select coalesce(g.availability_ppm, r.availability_ppm, d.availability_ppm) as availability_ppm,
        coalesce(g.latency_ms, r.latency_ms, d.latency_ms) as latency_ms, coalesce(g.latency_ppm, r.latency_ppm, d.latency_ppm) as latency_ppm
      from unnest(default_tiers, default_availability_ppm, default_latency_ms, default_latency_ppm)
        as d (tier, availability_ppm, latency_ms, latency_ppm) where d.tier = a.tier
    ) o
  ),
  counted as (
    insert into colloquy.sla_counts as c
      (tenant_id, hour, agent_name, tier, availability_ppm, latency_ms, latency_ppm, ended, excused, served, failed, late)
    -- An agent that was registered again has several ids.
    select j.tenant_id, j.hour, j.agent_name, j.tier, j.availability_ppm, j.latency_ms, j.latency_ppm, sum(j.ended)::integer,
      sum(j.excused)::integer, sum(j.served)::integer, sum(j.failed)::integer, sum(j.late)::integer
    from judged j group by 1, 2, 3, 4, 5, 6, 7
    on conflict (tenant_id, hour, agent_name, tier) do update set ended = c.ended + excluded.ended, excused = c.excused + excluded.excused,
      served = c.served + excluded.served, failed = c.failed + excluded.failed, late = c.late + excluded.late
  ),
  moved as (
    update colloquy.sla_places p set counted_seq = n.seq, counted_at = colloquy.now_utc()
    from (select f.tenant_id, max(f.seq) as seq from found f group by f.tenant_id) n where p.tenant_id = n.tenant_id
  )
  select (select count(*) from found), coalesce(sum(j.ended), 0)::bigint, coalesce(sum(j.failed), 0)::bigint, coalesce(sum(j.late), 0)::bigint,
    (select count(*) from due) >= tenants_max
      or exists (select from found f group by f.tenant_id having count(*) >= entries_max)
  from judged j;
end
$body$;

reset role;
revoke create on schema colloquy from colloquy_counter;
