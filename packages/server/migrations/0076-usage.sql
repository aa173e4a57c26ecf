-- Usage: ended tasks and what they cost, by the hour, agent, skill, department, cost center and client, counted behind the audit chain.

set local role colloquy_owner;

-- One partition for each month of UTC, made when the first task of the month is counted, and dropped as a whole.
create table colloquy.usage_hours (
  tenant_id            uuid not null,
  -- The hour of UTC in which the tasks ended.
  hour                 timestamptz not null,
  -- A digest of the next five columns, which together are too long for a key.
  group_id             uuid not null,
  -- The agent that did the work. All five are empty where there is none.
  agent_name           text collate "C" not null,
  skill_id             text collate "C" not null,
  department           text collate "C" not null,
  cost_center          text collate "C" not null,
  -- The principal that sent the tasks.
  client_id            text collate "C" not null,
  calls                bigint not null check (calls > 0),
  -- Of those: completed by an agent, answered by a cached result, failed, canceled, rejected.
  completed            bigint not null check (completed >= 0),
  cached               bigint not null check (cached >= 0),
  failed               bigint not null check (failed >= 0),
  canceled             bigint not null check (canceled >= 0),
  rejected             bigint not null check (rejected >= 0),
  -- Sums of the ledger's entries of these kinds.
  settled_microcredits bigint not null check (settled_microcredits >= 0),
  charged_microcredits bigint not null check (charged_microcredits >= 0),
  overage_microcredits bigint not null check (overage_microcredits >= 0),
  primary key (tenant_id, hour, group_id),
  check (calls = completed + cached + failed + canceled + rejected)
) partition by range (hour);
call colloquy.secure_tenant_table('colloquy.usage_hours');
grant select on colloquy.usage_hours to colloquy_app;

-- How far the entries of each tenant's audit chain are counted, as in sla_places.
create table colloquy.usage_places (
  tenant_id   uuid not null primary key,
  counted_seq bigint not null default 0 check (counted_seq >= 0),
  counted_at  timestamptz not null default colloquy.now_utc()
) with (fillfactor = 50);
call colloquy.secure_tenant_table('colloquy.usage_places');
grant select on colloquy.usage_places to colloquy_app;

-- Besides what it sees of tasks that ended: who sent them, what they cost, and for which department.
grant select (decision, owner_id, served_by) on colloquy.tasks to colloquy_counter;
grant select (facts, actor_id) on colloquy.audit_entries to colloquy_counter;
grant select (department, cost_center) on colloquy.agents to colloquy_counter;
grant select (tenant_id, client_id, department, cost_center) on colloquy.oauth_clients to colloquy_counter;
create policy counting on colloquy.oauth_clients for select to colloquy_counter using (true);
grant select (tenant_id, principal_id, created_at, department, cost_center) on colloquy.api_keys to colloquy_counter;
create policy counting on colloquy.api_keys for select to colloquy_counter using (true);
grant select (tenant_id, reservation_id, kind, amount_microcredits) on colloquy.ledger_entries to colloquy_counter;
create policy counting on colloquy.ledger_entries for select to colloquy_counter using (true);
grant select, insert, update (calls, completed, cached, failed, canceled, rejected, settled_microcredits, charged_microcredits, overage_microcredits)
  on colloquy.usage_hours to colloquy_counter;
create policy counting on colloquy.usage_hours for all to colloquy_counter using (true) with check (true);
grant select, insert (tenant_id), update (counted_seq, counted_at) on colloquy.usage_places to colloquy_counter;
create policy counting on colloquy.usage_places for all to colloquy_counter using (true) with check (true);

-- The partition of a month is a table of its own at first: so making it blocks no reader of the others.
create function colloquy.make_usage_month(month timestamptz) returns void
  language plpgsql volatile security definer set search_path = colloquy, pg_temp as $body$
declare
  partition text := 'usage_hours_' || to_char(month at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass('colloquy.' || partition) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('colloquy.make_usage_month', 0));
  if to_regclass('colloquy.' || partition) is not null then
    return;
  end if;
  execute format('create table colloquy.%I (like colloquy.usage_hours including constraints) with (fillfactor = 70)', partition);
  call colloquy.secure_tenant_table(('colloquy.' || partition)::regclass);
  execute format('alter table colloquy.usage_hours attach partition colloquy.%I for values from (%L) to (%L)', partition,
    month, (month at time zone 'UTC' + interval '1 month') at time zone 'UTC');
end
$body$;
revoke all on function colloquy.make_usage_month(timestamptz) from public;
grant execute on function colloquy.make_usage_month(timestamptz) to colloquy_counter;

-- Drops the months that ended more than `kept_months` ago, at least twelve; answers their number.
create function colloquy.drop_usage_months(kept_months integer) returns integer
  language plpgsql volatile security definer set search_path = colloquy, pg_temp as $body$
declare
  oldest text := 'usage_hours_' || to_char(
    colloquy.now_utc() at time zone 'UTC' - greatest(kept_months, 12) * interval '1 month', 'YYYY_MM');
  partition regclass;
  dropped integer := 0;
begin
  for partition in
    select c.oid from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'colloquy.usage_hours'::regclass and c.relname < oldest
  loop
    execute format('drop table %s', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$body$;
revoke all on function colloquy.drop_usage_months(integer) from public;
grant execute on function colloquy.drop_usage_months(integer) to colloquy_worker;

-- Counts what has got places in the chains since the last time, of `tenants_max` tenants and `entries_max` entries of each, and moves their
-- places in the same transaction. Tenants that another process counts at the moment are left to it. `offset 0` keeps each lookup of rows by
-- their keys apart, as in count_ended_tasks. Tenants with a sink for it get an event for each group that grew: what was added to it, not its sum.
create function colloquy.count_usage(tenants_max integer, entries_max integer, outbox_kept_max bigint)
  returns table (entries bigint, tasks bigint, microcredits bigint, is_full boolean)
  language plpgsql volatile security definer set search_path = colloquy, pg_temp
  set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $body$
#variable_conflict use_column
declare
  due_tenants uuid[];
  due_seqs bigint[];
  read_tenants uuid[];
  read_seqs bigint[];
  read_counts bigint[];
  counted colloquy.usage_hours[];
  month timestamptz;
begin
  insert into colloquy.usage_places (tenant_id)
  select c.tenant_id from colloquy.audit_chains c
  where not exists (select from colloquy.usage_places p where p.tenant_id = c.tenant_id)
  on conflict (tenant_id) do nothing;

  select array_agg(d.tenant_id), array_agg(d.counted_seq) into due_tenants, due_seqs from (
    select p.tenant_id, greatest(p.counted_seq, c.pruned_seq) as counted_seq
    from colloquy.usage_places p join colloquy.audit_chains c on c.tenant_id = p.tenant_id
    where greatest(p.counted_seq, c.pruned_seq) < c.last_seq
    order by p.counted_at limit tenants_max
    for update of p skip locked
  ) d;

  with found as materialized (
    select d.tenant_id, s.seq, s.entry_id from unnest(due_tenants, due_seqs) as d (tenant_id, counted_seq) cross join lateral (
      select c.seq, c.entry_id from colloquy.audit_chain c
      where c.tenant_id = d.tenant_id and c.seq > d.counted_seq order by c.seq limit entries_max
    ) s
  ),
  chained as materialized (
    select f.tenant_id, max(f.seq) as seq, count(*) as entries, array_agg(f.entry_id) as entry_ids from found f group by f.tenant_id
  ),
  ends as materialized (
    select e.tenant_id, e.action, e.occurred_at, e.agent_name, e.actor_id, substr(e.resource, 5)::uuid as task_id
    from chained f cross join lateral (
      select a.tenant_id, a.action, a.occurred_at, a.resource, a.actor_id, a.facts ->> 'agent' as agent_name from colloquy.audit_entries a
      where a.tenant_id = f.tenant_id and a.entry_id = any (f.entry_ids) offset 0
    ) e
    where e.action = any ('{task.completed,task.served,task.failed,task.canceled,task.rejected}')
      and e.resource ~ '^tsk_[0-9a-f]{32}$'
  ),
  asked as materialized (
    select e.tenant_id, array_agg(e.task_id) as task_ids from ends e group by e.tenant_id
  ),
  held as materialized (
    select k.tenant_id, k.task_id, k.owner_id, k.sent_to, k.done_by, k.skill_id, k.department, k.cost_center from asked q cross join lateral (
      select h.tenant_id, h.task_id, h.owner_id, h.agent_id as sent_to, coalesce(h.served_by, h.agent_id) as done_by,
        left(coalesce(h.decision ->> 'skill', h.decision -> 'router' ->> 'skill'), 200) as skill_id,
        left(h.decision ->> 'department', 200) as department, left(h.decision ->> 'costCenter', 200) as cost_center
      from colloquy.tasks h where h.tenant_id = q.tenant_id and h.task_id = any (q.task_ids) offset 0
    ) k
  ),
  paid as materialized (
    select l.tenant_id, l.reservation_id as task_id, sum(l.amount_microcredits) filter (where l.kind = 'settle') as settled,
      sum(l.amount_microcredits) filter (where l.kind = 'charge') as charged,
      sum(l.amount_microcredits) filter (where l.kind = 'overage') as overage
    from asked q cross join lateral (
      select r.tenant_id, r.reservation_id, r.kind, r.amount_microcredits from colloquy.ledger_entries r
      where r.tenant_id = q.tenant_id and r.reservation_id = any (q.task_ids) offset 0
    ) l group by l.tenant_id, l.reservation_id
  ),
  agents as materialized (
    select a.tenant_id, a.agent_id, a.name, a.department, a.cost_center
    from (
      select h.tenant_id, array_agg(distinct i.agent_id) as agent_ids
      from held h cross join lateral unnest(array[h.sent_to, h.done_by]) as i (agent_id) group by h.tenant_id
    ) q cross join lateral (
      select g.tenant_id, g.agent_id, g.name, g.department, g.cost_center from colloquy.agents g
      where g.tenant_id = q.tenant_id and g.agent_id = any (q.agent_ids) offset 0
    ) a
  ),
  callers as materialized (
    select h.tenant_id, array_agg(distinct h.owner_id) as owner_ids from held h group by h.tenant_id
  ),
  clients as materialized (
    select c.tenant_id, c.client_id, c.department, c.cost_center from callers q cross join lateral (
      select o.tenant_id, o.client_id, o.department, o.cost_center from colloquy.oauth_clients o
      where o.tenant_id = q.tenant_id and o.client_id = any (q.owner_ids) offset 0
    ) c
    union all
    -- A principal with several keys: as its newest key states.
    (select distinct on (c.tenant_id, c.principal_id) c.tenant_id, c.principal_id, c.department, c.cost_center
    from callers q cross join lateral (
      select k.tenant_id, k.principal_id, k.created_at, k.department, k.cost_center from colloquy.api_keys k
      where k.tenant_id = q.tenant_id and k.principal_id = any (q.owner_ids) offset 0
    ) c order by c.tenant_id, c.principal_id, c.created_at desc)
  ),
  tasks as materialized (
    -- A task, an agent or a client that is no more has had its entry in the chain all the same: its credits are counted.
    select e.tenant_id, date_trunc('hour', e.occurred_at, 'UTC') as hour, e.action,
      coalesce(d.name, e.agent_name, '') as agent_name, coalesce(h.skill_id, '') as skill_id,
      -- Of its client, else of the agent that it was sent to: as it was recorded, or, of tasks of before, as it is.
      coalesce(c.department, h.department, s.department, '') as department,
      coalesce(c.cost_center, h.cost_center, s.cost_center, '') as cost_center,
      coalesce(h.owner_id, e.actor_id) as client_id,
      coalesce(p.settled, 0) as settled, coalesce(p.charged, 0) as charged, coalesce(p.overage, 0) as overage
    from ends e
    left join held h on h.tenant_id = e.tenant_id and h.task_id = e.task_id
    left join paid p on p.tenant_id = e.tenant_id and p.task_id = e.task_id
    left join agents d on d.tenant_id = h.tenant_id and d.agent_id = h.done_by
    left join agents s on s.tenant_id = h.tenant_id and s.agent_id = h.sent_to
    left join clients c on c.tenant_id = h.tenant_id and c.client_id = h.owner_id
  ),
  grouped as (
    select row(t.tenant_id, t.hour,
      encode(substr(sha256(convert_to(
        jsonb_build_array(t.agent_name, t.skill_id, t.department, t.cost_center, t.client_id)::text, 'UTF8')), 1, 16), 'hex')::uuid,
      t.agent_name, t.skill_id, t.department, t.cost_center, t.client_id, count(*),
      count(*) filter (where t.action = 'task.completed'), count(*) filter (where t.action = 'task.served'),
      count(*) filter (where t.action = 'task.failed'), count(*) filter (where t.action = 'task.canceled'),
      count(*) filter (where t.action = 'task.rejected'),
      sum(t.settled)::bigint, sum(t.charged)::bigint, sum(t.overage)::bigint)::colloquy.usage_hours as g
    from tasks t group by t.tenant_id, t.hour, t.agent_name, t.skill_id, t.department, t.cost_center, t.client_id
  )
  select (select array_agg(f.tenant_id) from chained f), (select array_agg(f.seq) from chained f), (select array_agg(f.entries) from chained f),
    (select array_agg(x.g) from grouped x)
  into read_tenants, read_seqs, read_counts, counted;

  for month in select distinct date_trunc('month', u.hour, 'UTC') from unnest(counted) u order by 1 loop
    perform colloquy.make_usage_month(month);
  end loop;

  insert into colloquy.usage_hours as u
  select * from unnest(counted) n order by n.tenant_id, n.hour, n.group_id
  on conflict (tenant_id, hour, group_id) do update set calls = u.calls + excluded.calls, completed = u.completed + excluded.completed,
    cached = u.cached + excluded.cached, failed = u.failed + excluded.failed, canceled = u.canceled + excluded.canceled,
    rejected = u.rejected + excluded.rejected, settled_microcredits = u.settled_microcredits + excluded.settled_microcredits,
    charged_microcredits = u.charged_microcredits + excluded.charged_microcredits,
    overage_microcredits = u.overage_microcredits + excluded.overage_microcredits;

  update colloquy.usage_places p set counted_seq = n.seq, counted_at = colloquy.now_utc()
  from unnest(read_tenants, read_seqs) as n (tenant_id, seq) where p.tenant_id = n.tenant_id;

  perform colloquy.append_to_outbox(e.tenant_id, e.events, outbox_kept_max)
  from (
    select n.tenant_id, jsonb_agg(jsonb_build_object(
      'eventId', encode(substr(sha256(convert_to(concat_ws(' ', 'usage', n.tenant_id, n.hour at time zone 'UTC', n.group_id, r.seq), 'UTF8')), 1, 16), 'hex')::uuid,
      'type', 'dev.colloquy.usage.recorded.v1', 'subject', 'agents/' || n.agent_name, 'time', colloquy.now_utc(),
      'data', jsonb_build_object('hour', to_char(n.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'agent', n.agent_name, 'skill', n.skill_id,
        'department', n.department, 'costCenter', n.cost_center, 'clientId', n.client_id, 'calls', n.calls, 'completed', n.completed,
        'cached', n.cached, 'failed', n.failed, 'canceled', n.canceled, 'rejected', n.rejected,
        'settledMicrocredits', n.settled_microcredits, 'chargedMicrocredits', n.charged_microcredits,
        'overageMicrocredits', n.overage_microcredits,
        'usedMicrocredits', n.settled_microcredits + n.charged_microcredits + n.overage_microcredits)) order by n.hour, n.group_id) as events
    from unnest(counted) n join unnest(read_tenants, read_seqs) as r (tenant_id, seq) on r.tenant_id = n.tenant_id
    where exists (select from colloquy.event_sinks s
      where s.tenant_id = n.tenant_id and colloquy.matches_event_type('dev.colloquy.usage.recorded.v1', s.types))
    group by n.tenant_id order by n.tenant_id
  ) e;

  return query
  select coalesce((select sum(n) from unnest(read_counts) n), 0)::bigint, coalesce(sum(u.calls), 0)::bigint,
    coalesce(sum(u.settled_microcredits + u.charged_microcredits + u.overage_microcredits), 0)::bigint,
    coalesce(cardinality(due_tenants), 0) >= tenants_max or coalesce(entries_max = any (read_counts), false)
  from unnest(counted) u;
end
$body$;
revoke all on function colloquy.count_usage(integer, integer, bigint) from public;
grant execute on function colloquy.count_usage(integer, integer, bigint) to colloquy_worker;

reset role;
grant create on schema colloquy to colloquy_counter;
alter function colloquy.count_usage(integer, integer, bigint) owner to colloquy_counter;
revoke create on schema colloquy from colloquy_counter;
