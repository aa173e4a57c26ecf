-- What a round of counting or sealing wants to know of many tasks it looks up for each tenant in one go: ids are made in the order of time, so
-- the rows lie beside each other, and one descent of the index finds them. Agents and what was promised of them are looked up once for
-- each agent and hour. What is counted and digested stays as it was.

grant create on schema colloquy to colloquy_counter, colloquy_lookup;

-- Rows of tables are looked up by their keys: `offset 0`, and no whole tables. What was found is put together by hashes, because a nested loop
-- would compare everything with everything, and statistics know nothing of what was found.
set local role colloquy_counter;

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
  looked_at as materialized (
    select f.tenant_id, array_agg(f.entry_id) as entry_ids from found f group by f.tenant_id
  ),
  ends as materialized (
    select e.tenant_id, e.action, e.occurred_at, substr(e.resource, 5)::uuid as task_id
    from looked_at f cross join lateral (
      select a.tenant_id, a.action, a.occurred_at, a.resource from colloquy.audit_entries a
      where a.tenant_id = f.tenant_id and a.entry_id = any (f.entry_ids) offset 0
    ) e
    where e.action = any ('{task.completed,task.served,task.failed,task.canceled,task.rejected}')
      and starts_with(e.resource, 'tsk_') and pg_input_is_valid(substr(e.resource, 5), 'uuid')
  ),
  asked as materialized (
    select e.tenant_id, array_agg(e.task_id) as task_ids,
      -- Of what failed, and of what does not count, nobody asks how long it took.
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
        -- Only of what is late by the clock on the wall is it asked how long it waited.
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
    -- An agent that was registered anew has several ids.
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

set local role colloquy_lookup;
create or replace function colloquy.digest_tasks(wanted_tenants uuid[], wanted_tasks uuid[])
  returns table (task_id uuid, input_digest bytea, output_digest bytea)
  language sql stable security definer set search_path = colloquy, pg_temp set enable_seqscan = off
  begin atomic
    select e.task_id, e.input_digest, e.output_digest
    from (
      select w.tenant_id, array_agg(w.task_id) as task_ids
      from unnest(wanted_tenants, wanted_tasks) as w (tenant_id, task_id) group by w.tenant_id
    ) q
    cross join lateral (
      select t.task_id,
        sha256(convert_to(string_agg(t.payload, chr(30) order by t.seq) filter (where t.kind in ('task', 'turn')), 'UTF8')) as input_digest,
        sha256(convert_to(string_agg(t.payload, chr(30) order by t.seq) filter (where t.kind not in ('task', 'turn')), 'UTF8')) as output_digest
      from colloquy.task_events t where t.tenant_id = q.tenant_id and t.task_id = any (q.task_ids) group by t.task_id
    ) e;
  end;

reset role;
revoke create on schema colloquy from colloquy_counter, colloquy_lookup;
