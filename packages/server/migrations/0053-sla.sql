-- What tenants promise of their agents, and how many of the tasks that ended kept it, by the hour.

do $roles$
begin
  if not exists (select from pg_roles where rolname = 'colloquy_counter') then
    begin
      create role colloquy_counter nologin noinherit;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not pg_has_role(current_user, 'colloquy_counter', 'member') then
    execute format('grant colloquy_counter to %I', current_user);
  end if;
end
$roles$;
grant usage on schema colloquy to colloquy_counter;

set local role colloquy_owner;

-- What is promised, from a full hour on: so each hour has one objective, and a change never judges again what has ended.
create table colloquy.sla_objectives (
  tenant_id        uuid not null references colloquy.tenants,
  kind             text not null check (kind in ('tier', 'agent')),
  -- A tier, or whichever agent has the name: an agent may be registered anew.
  subject          text collate "C" not null check (char_length(subject) between 1 and 63),
  holds_from       timestamptz not null,
  -- Null together: nothing more is said of the subject from then on.
  availability_ppm integer check (availability_ppm between 10000 and 1000000),
  latency_ms       integer check (latency_ms between 1 and 604800000),
  latency_ppm      integer check (latency_ppm between 10000 and 1000000),
  changed_by       text not null,
  changed_at       timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, kind, subject, holds_from),
  check (num_nulls(availability_ppm, latency_ms, latency_ppm) in (0, 3))
);
call colloquy.secure_tenant_table('colloquy.sla_objectives');
grant select, insert, update, delete on colloquy.sla_objectives to colloquy_app;

-- Tasks by the hour of UTC in which they ended, of an agent in the tier that it had when it was counted, with the objective of that hour.
create table colloquy.sla_counts (
  tenant_id        uuid not null,
  hour             timestamptz not null,
  agent_name       text collate "C" not null,
  tier             text collate "C" not null,
  availability_ppm integer not null,
  latency_ms       integer not null,
  latency_ppm      integer not null,
  ended            integer not null check (ended > 0),
  -- Of those: what was nobody's fault here, what was answered by a kept result, what failed, what was done too late.
  excused          integer not null check (excused between 0 and ended),
  served           integer not null check (served between 0 and ended - excused),
  failed           integer not null check (failed between 0 and ended - excused),
  late             integer not null check (late between 0 and ended - excused - failed),
  primary key (tenant_id, hour, agent_name, tier)
) with (fillfactor = 70);
alter table colloquy.sla_counts alter column tenant_id set (n_distinct = 1);
create index sla_counts_by_age on colloquy.sla_counts (hour);
call colloquy.secure_tenant_table('colloquy.sla_counts');
grant select on colloquy.sla_counts to colloquy_app;
grant select (ctid, hour), delete on colloquy.sla_counts to colloquy_worker;
create policy housekeeping_read on colloquy.sla_counts for select to colloquy_worker using (true);
create policy housekeeping on colloquy.sla_counts for delete to colloquy_worker
  using (hour < colloquy.now_utc() - interval '90 days');

-- How far the entries of each tenant's audit chain are counted. The chain has every end of a task once, in the order of transactions, and
-- nothing comes before a place that was given: whoever moves the place has counted all up to it.
create table colloquy.sla_places (
  tenant_id   uuid not null primary key,
  counted_seq bigint not null default 0 check (counted_seq >= 0),
  counted_at  timestamptz not null default colloquy.now_utc()
) with (fillfactor = 50);
call colloquy.secure_tenant_table('colloquy.sla_places');
grant select on colloquy.sla_places to colloquy_app;

-- The counter sees of tasks when, how and at which agent they ended, and nothing of what was said.
grant select (tenant_id, last_seq, pruned_seq) on colloquy.audit_chains to colloquy_counter;
create policy counting on colloquy.audit_chains for select to colloquy_counter using (true);
grant select (tenant_id, seq, entry_id) on colloquy.audit_chain to colloquy_counter;
create policy counting on colloquy.audit_chain for select to colloquy_counter using (true);
grant select (tenant_id, entry_id, occurred_at, action, resource) on colloquy.audit_entries to colloquy_counter;
create policy counting on colloquy.audit_entries for select to colloquy_counter using (true);
grant select (tenant_id, task_id, agent_id, error_code, created_at) on colloquy.tasks to colloquy_counter;
create policy counting on colloquy.tasks for select to colloquy_counter using (true);
grant select (tenant_id, task_id, seq, occurred_at) on colloquy.task_events to colloquy_counter;
create policy counting on colloquy.task_events for select to colloquy_counter using (true);
grant select (tenant_id, agent_id, name, tier) on colloquy.agents to colloquy_counter;
create policy counting on colloquy.agents for select to colloquy_counter using (true);
grant select on colloquy.sla_objectives to colloquy_counter;
create policy counting on colloquy.sla_objectives for select to colloquy_counter using (true);
grant select, insert, update (ended, excused, served, failed, late) on colloquy.sla_counts to colloquy_counter;
create policy counting on colloquy.sla_counts for all to colloquy_counter using (true) with check (true);
grant select, insert (tenant_id), update (counted_seq, counted_at) on colloquy.sla_places to colloquy_counter;
create policy counting on colloquy.sla_places for all to colloquy_counter using (true) with check (true);

-- How long a task waited for its caller, or for an access that was to be given elsewhere. The pattern holds on to the beginning of the
-- event, which the platform writes, so that nothing an agent says further in is taken for a state.
grant select (occurred_at) on colloquy.task_events to colloquy_lookup;
create function colloquy.time_waited(wanted_tenant uuid, wanted_task uuid) returns interval
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select coalesce(sum(x.ended_at - x.occurred_at), interval '0')
    from (
      select e.kind, e.payload, e.occurred_at, lead(e.occurred_at) over (order by e.seq) as ended_at
      from colloquy.task_events e where e.tenant_id = wanted_tenant and e.task_id = wanted_task
    ) x
    where x.kind = 'status' and x.payload ~
      '^\{"statusUpdate":\{"taskId":"[^"]*","contextId":"([^"\\]|\\.)*","status":\{"state":"TASK_STATE_(INPUT|AUTH)_REQUIRED"';
  end;
revoke all on function colloquy.time_waited(uuid, uuid) from public;
grant execute on function colloquy.time_waited(uuid, uuid) to colloquy_counter;

-- Counts what has got places in the chains since the last time, of `tenants_max` tenants and `entries_max` entries of each, and moves their
-- places in the same transaction. Tenants that another process counts at the moment are left to it. The four arrays say, for each tier, what
-- is promised of an agent when its tenant has said nothing. Every row is looked up by its key: `offset 0` and the settings keep the planner
-- from reading a whole table, which it prefers while its statistics know of few rows.
create function colloquy.count_ended_tasks(
  tenants_max integer, entries_max integer, excusing_codes text[],
  default_tiers text[], default_availability_ppm integer[], default_latency_ms integer[], default_latency_ppm integer[]
) returns table (entries bigint, tasks bigint, failed bigint, late bigint, is_full boolean)
  language plpgsql volatile security definer set search_path = colloquy, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $body$
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
  ends as materialized (
    select e.tenant_id, e.action, e.occurred_at, substr(e.resource, 5)::uuid as task_id
    from found f cross join lateral (
      select a.tenant_id, a.action, a.occurred_at, a.resource from colloquy.audit_entries a where a.tenant_id = f.tenant_id and a.entry_id = f.entry_id offset 0
    ) e
    where e.action = any ('{task.completed,task.served,task.failed,task.canceled,task.rejected}') and e.resource ~ '^tsk_[0-9a-f]{32}$'
  ),
  ended_tasks as materialized (
    select x.tenant_id, x.task_id, a.name as agent_name, a.tier, date_trunc('hour', x.occurred_at, 'UTC') as hour,
      x.action = 'task.served' as is_served, x.action = 'task.failed' as is_failed, x.occurred_at - coalesce(b.occurred_at, t.created_at) as took,
      x.action in ('task.canceled', 'task.rejected') or coalesce(x.action = 'task.failed' and t.error_code = any (excusing_codes), false) as is_excused
    from ends x
    cross join lateral (
      select k.tenant_id, k.task_id, k.agent_id, k.error_code, k.created_at from colloquy.tasks k
      where k.tenant_id = x.tenant_id and k.task_id = x.task_id offset 0
    ) t
    cross join lateral (
      select g.name, g.tier from colloquy.agents g where g.tenant_id = t.tenant_id and g.agent_id = t.agent_id offset 0
    ) a
    left join lateral (
      select v.occurred_at from colloquy.task_events v where v.tenant_id = t.tenant_id and v.task_id = t.task_id and v.seq = 1 offset 0
    ) b on true
  ),
  judged as materialized (
    select t.tenant_id, t.hour, t.agent_name, t.tier, o.availability_ppm, o.latency_ms, o.latency_ppm, t.is_excused,
      t.is_served, t.is_failed and not t.is_excused as is_failed,
      -- Only of what is late by the clock on the wall is it asked how long it waited.
      case when t.is_failed or t.is_excused or t.took <= o.latency_ms * interval '1 millisecond' then false
        else t.took - colloquy.time_waited(t.tenant_id, t.task_id) > o.latency_ms * interval '1 millisecond' end as is_late
    from ended_tasks t
    left join lateral (
      select s.availability_ppm, s.latency_ms, s.latency_ppm from colloquy.sla_objectives s
      where s.tenant_id = t.tenant_id and s.kind = 'agent' and s.subject = t.agent_name and s.holds_from <= t.hour
      order by s.holds_from desc limit 1
    ) g on true
    left join lateral (
      select s.availability_ppm, s.latency_ms, s.latency_ppm from colloquy.sla_objectives s
      where s.tenant_id = t.tenant_id and s.kind = 'tier' and s.subject = t.tier and s.holds_from <= t.hour
      order by s.holds_from desc limit 1
    ) r on true
    cross join lateral (
      select coalesce(g.availability_ppm, r.availability_ppm, d.availability_ppm) as availability_ppm,
        coalesce(g.latency_ms, r.latency_ms, d.latency_ms) as latency_ms, coalesce(g.latency_ppm, r.latency_ppm, d.latency_ppm) as latency_ppm
      from unnest(default_tiers, default_availability_ppm, default_latency_ms, default_latency_ppm)
        as d (tier, availability_ppm, latency_ms, latency_ppm) where d.tier = t.tier
    ) o
  ),
  counted as (
    insert into colloquy.sla_counts as c
      (tenant_id, hour, agent_name, tier, availability_ppm, latency_ms, latency_ppm, ended, excused, served, failed, late)
    select j.tenant_id, j.hour, j.agent_name, j.tier, j.availability_ppm, j.latency_ms, j.latency_ppm, count(*)::integer,
      (count(*) filter (where j.is_excused))::integer, (count(*) filter (where j.is_served))::integer,
      (count(*) filter (where j.is_failed))::integer, (count(*) filter (where j.is_late))::integer
    from judged j group by 1, 2, 3, 4, 5, 6, 7
    on conflict (tenant_id, hour, agent_name, tier) do update set ended = c.ended + excluded.ended, excused = c.excused + excluded.excused,
      served = c.served + excluded.served, failed = c.failed + excluded.failed, late = c.late + excluded.late
  ),
  moved as (
    update colloquy.sla_places p set counted_seq = n.seq, counted_at = colloquy.now_utc()
    from (select f.tenant_id, max(f.seq) as seq from found f group by f.tenant_id) n where p.tenant_id = n.tenant_id
  )
  select (select count(*) from found), count(*), count(*) filter (where j.is_failed), count(*) filter (where j.is_late),
    (select count(*) from due) >= tenants_max
      or exists (select from found f group by f.tenant_id having count(*) >= entries_max)
  from judged j;
end
$body$;
revoke all on function colloquy.count_ended_tasks(integer, integer, text[], text[], integer[], integer[], integer[]) from public;
grant execute on function colloquy.count_ended_tasks(integer, integer, text[], text[], integer[], integer[], integer[]) to colloquy_worker;

reset role;
grant create on schema colloquy to colloquy_lookup, colloquy_counter;
alter function colloquy.time_waited(uuid, uuid) owner to colloquy_lookup;
alter function colloquy.count_ended_tasks(integer, integer, text[], text[], integer[], integer[], integer[]) owner to colloquy_counter;
revoke create on schema colloquy from colloquy_lookup, colloquy_counter;
