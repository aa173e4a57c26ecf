-- An agent may run at several places at once. Each says who placed it, what it is like, whether it takes new tasks, and how well it is.

set local role colloquy_owner;

alter table colloquy.agent_instances
  -- Who placed it: the agent's card, somebody by the API, or the agent itself, which then has a lease.
  add column source           text not null default 'card' check (source in ('card', 'api', 'self')),
  add column registered_by    text check (char_length(registered_by) <= 300),
  -- Which version of the agent runs here, in the words of whoever placed it.
  add column version          text check (char_length(version) between 1 and 64),
  -- Its share of the traffic against the other instances of its agent; 0: none.
  add column weight           integer not null default 100 check (weight between 0 and 1000),
  add column region           text check (region ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  -- How many tasks it works on at once; null: it does not say.
  add column slots_max        integer check (slots_max between 1 and 100000),
  -- Whether it takes new tasks; those that it works on are its own until they end.
  add column admission        text not null default 'active' check (admission in ('active', 'draining', 'quarantined')),
  add column admission_reason text check (char_length(admission_reason) between 1 and 500),
  add column admission_by     text check (char_length(admission_by) <= 300),
  add column admission_at     timestamptz not null default colloquy.now_utc(),
  add column health           text not null default 'unknown' check (health in ('healthy', 'degraded', 'unhealthy', 'unknown')),
  add column health_reason    text check (char_length(health_reason) between 1 and 200),
  add column health_at        timestamptz not null default colloquy.now_utc(),
  -- It is gone: its row stays for the tasks that it had, and nothing new finds it.
  add column left_at          timestamptz;

-- Nobody is registered twice at one address. The agent comes first, so that no look-up by tenant prefers this index.
create unique index agent_instances_by_address on colloquy.agent_instances
  (agent_id, tenant_id, md5(url || ' ' || binding || ' ' || protocol_version || ' ' || coalesce(routing_tag, '')));

grant update (source, registered_by, version, weight, region, slots_max, admission, admission_reason, admission_by, admission_at,
  health, health_reason, health_at, left_at) on colloquy.agent_instances to colloquy_app;

-- What an instance that registered itself has renewed. Apart from the instance, so that a heartbeat tells nobody of a changed route.
create table colloquy.instance_leases (
  tenant_id    uuid not null,
  instance_id  uuid not null,
  lease_ms     integer not null check (lease_ms between 1000 and 3600000),
  lease_until  timestamptz not null,
  heartbeat_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, instance_id),
  foreign key (tenant_id, instance_id) references colloquy.agent_instances on delete cascade
) with (fillfactor = 50);
call colloquy.secure_tenant_table('colloquy.instance_leases');
grant select, insert, delete, update (lease_ms, lease_until, heartbeat_at) on colloquy.instance_leases to colloquy_app;

reset role;
