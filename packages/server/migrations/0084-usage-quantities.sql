-- Usage counts what tasks took, where their price depends on it: items, working time and units. And a task counts for the department and the cost
-- center that were recorded with it, now that those of its client are.

set local role colloquy_owner;

alter table colloquy.usage_hours
  add column items     numeric not null default 0 check (items >= 0),
  add column worked_ms bigint not null default 0 check (worked_ms >= 0),
  -- Quantities by unit.
  add column units     jsonb not null default '{}';

-- The sums of quantities by name.
create function colloquy.add_quantities(one jsonb, other jsonb) returns jsonb
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  return case when other = '{}' then one when one = '{}' then other else (
    select jsonb_object_agg(s.name, s.quantity) from (
      select q.key as name, sum(q.value::numeric) as quantity
      from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) q group by q.key
    ) s
  ) end;
create aggregate colloquy.sum_quantities(jsonb) (sfunc = colloquy.add_quantities, stype = jsonb, initcond = '{}', parallel = safe);
revoke all on function colloquy.add_quantities(jsonb, jsonb), colloquy.sum_quantities(jsonb) from public;
grant execute on function colloquy.add_quantities(jsonb, jsonb), colloquy.sum_quantities(jsonb) to colloquy_app, colloquy_counter;

grant select (usage) on colloquy.tasks to colloquy_counter;
grant update (items, worked_ms, units) on colloquy.usage_hours to colloquy_counter;

reset role;
grant create on schema colloquy to colloquy_counter;
set local role colloquy_counter;

-- Differs from that of 0076 in the quantities, and in where departments and cost centers come from.
-- Counts what has got places in the chains since the last time, of `tenants_max` tenants and `entries_max` entries of each, and moves their
-- places in the same transaction. Tenants that another process counts at the moment are left to it. `offset 0` keeps each lookup of rows by
-- their keys apart, as in count_ended_tasks. Tenants with a sink for it get an event for each group that grew: what was added to it, not its sum.
create or replace function colloquy.count_usage(tenants_max integer, entries_max integer, outbox_kept_max bigint)
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
    select k.tenant_id, k.task_id, k.owner_id, k.sent_to, k.done_by, k.skill_id, k.department, k.cost_center, k.prices, k.usage from asked q cross join lateral (
      select h.tenant_id, h.task_id, h.owner_id, h.agent_id as sent_to, coalesce(h.served_by, h.agent_id) as done_by,
        left(coalesce(h.decision ->> 'skill', h.decision -> 'router' ->> 'skill'), 200) as skill_id,
        left(h.decision ->> 'department', 200) as department, left(h.decision ->> 'costCenter', 200) as cost_center,
        case when h.usage is not null then h.decision -> 'prices' end as prices, h.usage
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
      -- As they were when the task was recorded. A task of before has those of its client, else of the agent that it was sent to.
      coalesce(h.department, c.department, s.department, '') as department,
      coalesce(h.cost_center, c.cost_center, s.cost_center, '') as cost_center,
      coalesce(h.owner_id, e.actor_id) as client_id,
      coalesce(p.settled, 0) as settled, coalesce(p.charged, 0) as charged, coalesce(p.overage, 0) as overage,
      -- What the agent did not report counts as it was expected.
      coalesce((h.usage ->> 'items')::numeric, (h.prices -> d.name ->> 'items')::numeric, 0) as items,
      coalesce(round((h.usage ->> 'workedMs')::numeric), 0) as worked_ms,
      -- Of units only those that the price names: an agent may report any.
      case when h.usage -> 'units' is null or h.usage -> 'units' = '{}' then '{}' else (
        select coalesce(jsonb_object_agg(n.unit, n.quantity::numeric), '{}') from jsonb_each_text(h.usage -> 'units') n (unit, quantity)
        where h.prices -> d.name -> 'price' -> 'perUnit' ? n.unit
      ) end as units
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
      sum(t.settled)::bigint, sum(t.charged)::bigint, sum(t.overage)::bigint,
      sum(t.items), sum(t.worked_ms)::bigint, colloquy.sum_quantities(t.units))::colloquy.usage_hours as g
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
    overage_microcredits = u.overage_microcredits + excluded.overage_microcredits, items = u.items + excluded.items,
    worked_ms = u.worked_ms + excluded.worked_ms, units = colloquy.add_quantities(u.units, excluded.units);

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
        'usedMicrocredits', n.settled_microcredits + n.charged_microcredits + n.overage_microcredits,
        'items', n.items, 'workedMs', n.worked_ms, 'units', n.units)) order by n.hour, n.group_id) as events
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

reset role;
revoke create on schema colloquy from colloquy_counter;
