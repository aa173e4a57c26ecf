-- How well each instance is, as its probes, its callers and its own word tell; when it is probed next; and what became of it so far.

set local role colloquy_owner;

create table colloquy.instance_health (
  tenant_id       uuid not null,
  instance_id     uuid not null,
  -- Rises with each judgement; who judged by an older one starts again.
  revision        integer not null default 0 check (revision >= 0),
  probe_state     text not null default 'unknown' check (probe_state in ('healthy', 'degraded', 'unhealthy', 'unknown')),
  probe_reason    text check (char_length(probe_reason) between 1 and 200),
  -- In a row; one of them is 0.
  probe_failures  integer not null default 0 check (probe_failures >= 0),
  probe_successes integer not null default 0 check (probe_successes >= 0),
  probe_ms        integer check (probe_ms >= 0),
  probed_at       timestamptz,
  -- What the instance says of itself with its heartbeats, and of what it depends on.
  report_state    text check (report_state in ('healthy', 'degraded', 'unhealthy')),
  report_reason   text check (char_length(report_reason) between 1 and 200),
  reported_at     timestamptz,
  dependencies    jsonb,
  -- What its callers see of it; each further time counts for longer.
  outlier_reason  text check (char_length(outlier_reason) between 1 and 100),
  outlier_until   timestamptz,
  outlier_count   integer not null default 0 check (outlier_count >= 0),
  -- When a task went to it last, give or take a few seconds.
  used_at         timestamptz,
  -- A probe in progress has it put off beyond the end of any probe. Null: not probed.
  next_probe_at   timestamptz default colloquy.now_utc(),
  primary key (tenant_id, instance_id),
  foreign key (tenant_id, instance_id) references colloquy.agent_instances on delete cascade
) with (fillfactor = 50);
create index instance_health_due on colloquy.instance_health (next_probe_at) where next_probe_at is not null;
call colloquy.secure_tenant_table('colloquy.instance_health');
grant select, insert, update on colloquy.instance_health to colloquy_app;

-- The worker claims probes of every tenant. What is probed, and what comes of it, is read and written as the application's role.
grant select (tenant_id, instance_id, next_probe_at), update (next_probe_at) on colloquy.instance_health to colloquy_worker;
create policy probing on colloquy.instance_health for all to colloquy_worker
  using (next_probe_at is not null) with check (next_probe_at is not null);

alter table colloquy.agent_instances no force row level security;
alter table colloquy.instance_health no force row level security;
insert into colloquy.instance_health (tenant_id, instance_id)
  select tenant_id, instance_id from colloquy.agent_instances on conflict do nothing;
alter table colloquy.agent_instances force row level security;
alter table colloquy.instance_health force row level security;

-- How the instances of an agent are probed; without a row as the platform's configuration says.
create table colloquy.probe_policies (
  tenant_id       uuid not null,
  agent_id        uuid not null,
  kind            text not null check (kind in ('wire', 'http', 'tcp', 'none')),
  -- Of kind http: what is asked for below the instance's origin.
  path            text check (path ~ '^/[!-~]*$' and char_length(path) <= 1024),
  interval_ms     integer not null check (interval_ms between 1000 and 3600000),
  timeout_ms      integer not null check (timeout_ms between 50 and 30000),
  unhealthy_after integer not null check (unhealthy_after between 1 and 100),
  healthy_after   integer not null check (healthy_after between 1 and 100),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references colloquy.agents
);
call colloquy.secure_tenant_table('colloquy.probe_policies');
grant select, insert, update, delete on colloquy.probe_policies to colloquy_app;

-- What became of an instance, newest last: where it was placed, what it was let do, and each change of its health.
create table colloquy.instance_events (
  tenant_id   uuid not null,
  instance_id uuid not null,
  event_id    uuid not null,
  kind        text not null check (kind in ('registered', 'left', 'changed', 'admission', 'health')),
  -- The state after it, of an admission or of the health.
  state       text check (char_length(state) <= 20),
  reason      text check (char_length(reason) <= 500),
  -- Who did it; null: the platform found it.
  actor_id    text check (char_length(actor_id) <= 300),
  occurred_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, instance_id, event_id),
  foreign key (tenant_id, instance_id) references colloquy.agent_instances on delete cascade
);
call colloquy.secure_tenant_table('colloquy.instance_events');
grant select, insert, delete on colloquy.instance_events to colloquy_app;

-- An id that sorts by when it was made (RFC 9562 section 5.7, with the microseconds of method 3), by the clock of leases.
create function colloquy.time_ordered_id() returns uuid
  language sql volatile parallel safe
  begin atomic
    select (lpad(to_hex(t.us / 1000), 12, '0') || '7' || lpad(to_hex(t.us % 1000 * 4096 / 1000), 3, '0')
      || substr(replace(gen_random_uuid()::text, '-', ''), 17))::uuid
    from (
      select floor(extract(epoch from clock_timestamp() - transaction_timestamp() + colloquy.now_utc()) * 1000000)::bigint as us
    ) t;
  end;
revoke all on function colloquy.time_ordered_id() from public;
grant execute on function colloquy.time_ordered_id() to colloquy_app;

-- A lease that ended and was not judged yet; whoever sees one judges it.
alter table colloquy.instance_leases add column is_lapsed boolean not null default false;
create index instance_leases_ending on colloquy.instance_leases (lease_until) where not is_lapsed;
grant update (is_lapsed) on colloquy.instance_leases to colloquy_app;
grant select (tenant_id, instance_id, lease_until, is_lapsed) on colloquy.instance_leases to colloquy_worker;
create policy ending on colloquy.instance_leases for select to colloquy_worker using (not is_lapsed);

-- Housekeeping forgets instances that left so long ago that no task of theirs is open any more, and sees nothing but that.
grant select (ctid, left_at), delete on colloquy.agent_instances to colloquy_worker;
create policy housekeeping on colloquy.agent_instances for all to colloquy_worker
  using (left_at < colloquy.now_utc() - interval '7 days');
create index agent_instances_left on colloquy.agent_instances (left_at) where left_at is not null;

-- Who runs instances of agents, and nothing else. Operators may do everything that there is, also what is new.
alter table colloquy.grants drop constraint grants_role_check;
alter table colloquy.grants add constraint grants_role_check
  check (role in ('tenant-admin', 'developer', 'auditor', 'caller', 'agent', 'host'));
alter table colloquy.oauth_clients no force row level security;
update colloquy.oauth_clients set scopes = scopes || '{agents:serve}'::text[]
  where (kind = 'operator' or scopes @> '{agents:write}') and not scopes @> '{agents:serve}';
alter table colloquy.oauth_clients force row level security;

reset role;
