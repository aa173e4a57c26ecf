-- Roles that principals were given, and who is stopped.

set local role colloquy_owner;

create table colloquy.grants (
  tenant_id    uuid not null references colloquy.tenants,
  grant_id     uuid not null,
  -- Of any kind: the id is unique across the platform, and need not be known here yet.
  principal_id text not null check (char_length(principal_id) between 1 and 200),
  role         text not null check (role in ('tenant-admin', 'developer', 'auditor', 'caller', 'agent')),
  -- Null: the whole tenant. The name leads to whichever agent has it.
  agent_name   text check (agent_name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  -- Null: the whole agent.
  skill_id     text check (skill_id is null or agent_name is not null and char_length(skill_id) between 1 and 256),
  granted_by   text not null,
  created_at   timestamptz not null default colloquy.now_utc(),
  -- A removed row stays: who was given a role once is limited to its roles for ever, also when none is left.
  removed_at   timestamptz,
  primary key (tenant_id, grant_id)
);
create index grants_by_principal on colloquy.grants (tenant_id, principal_id);
create unique index grants_in_force on colloquy.grants
  (tenant_id, principal_id, role, coalesce(agent_name, ''), coalesce(skill_id, '')) where removed_at is null;
call colloquy.secure_tenant_table('colloquy.grants');
grant select, insert on colloquy.grants to colloquy_app;
grant update (removed_at) on colloquy.grants to colloquy_app;

create table colloquy.stops (
  tenant_id  uuid not null references colloquy.tenants,
  stop_id    uuid not null default gen_random_uuid(),
  kind       text not null check (kind in ('tenant', 'agent', 'principal')),
  -- An agent's name or a principal's id; empty for the tenant itself.
  name       text not null check (char_length(name) <= 200 and (name = '') = (kind = 'tenant')),
  reason     text not null check (char_length(reason) between 1 and 500),
  stopped_by text not null,
  stopped_at timestamptz not null default colloquy.now_utc(),
  -- A stop that was taken back stays, for whoever asks later.
  resumed_at timestamptz,
  primary key (tenant_id, stop_id)
);
create unique index stops_in_force on colloquy.stops (tenant_id, kind, name) where resumed_at is null;
call colloquy.secure_tenant_table('colloquy.stops');
grant select, insert on colloquy.stops to colloquy_app;
grant update (resumed_at) on colloquy.stops to colloquy_app;
-- The worker drains what is stopped, of every tenant, and sees only what that is.
grant select (tenant_id, kind, name, stopped_at, resumed_at) on colloquy.stops to colloquy_worker;
create policy draining on colloquy.stops for select to colloquy_worker using (resumed_at is null);

-- Operators may do everything that there is, also what is new.
alter table colloquy.oauth_clients no force row level security;
update colloquy.oauth_clients
  set scopes = scopes || '{acp:run,acp:read,acp:cancel,grants:write,stops:write}'::text[]
  where kind = 'operator' and not scopes @> '{grants:write}';
alter table colloquy.oauth_clients force row level security;

-- Both change what tokens are good for, so every process hears of it.
create trigger hint_access after insert or update on colloquy.grants
  for each row execute function colloquy.hint_access();
create trigger hint_access after insert or update on colloquy.stops
  for each row execute function colloquy.hint_access();
-- A stopped agent has no route.
create trigger hint_routes after insert or update or delete on colloquy.stops
  for each row execute function colloquy.hint_routes();

-- Nobody is told anything for a principal or a tenant that is stopped; what happens meanwhile is told when it is not any more.
grant select (tenant_id, kind, name, resumed_at) on colloquy.stops to colloquy_lookup;
create policy lookup on colloquy.stops for select to colloquy_lookup using (resumed_at is null);
grant select (created_by) on colloquy.push_subscriptions to colloquy_lookup;

-- The places, counted from 0, of standings whose tenant is stopped, or one of their parties.
create function colloquy.find_stopped(standings jsonb) returns table (place integer)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select (s.n - 1)::integer
    from jsonb_array_elements(standings) with ordinality as s(standing, n)
    where exists (
      select from colloquy.stops x
      where x.tenant_id = (s.standing ->> 'tenant')::uuid and x.resumed_at is null
        and (x.kind = 'tenant' or x.kind = 'principal' and (s.standing -> 'parties' ? x.name or s.standing -> 'revocable' ? x.name))
    );
  end;
revoke all on function colloquy.find_stopped(jsonb) from public;
grant execute on function colloquy.find_stopped(jsonb) to colloquy_app;
reset role;

alter function colloquy.find_due_subscriptions(text[], uuid[], integer) owner to colloquy_owner;
set local role colloquy_owner;
create or replace function colloquy.find_due_subscriptions(busy_origins text[], busy_tenants uuid[], row_limit integer)
  returns table (tenant_id uuid, task_id uuid, subscription_id uuid, origin text, due_at timestamptz)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select s.tenant_id, s.task_id, s.subscription_id, s.origin, s.due_at
    from colloquy.push_subscriptions s
    join colloquy.tasks t on t.tenant_id = s.tenant_id and t.task_id = s.task_id
    where s.is_active and s.due_at <= colloquy.now_utc()
      and (s.lease_until is null or s.lease_until <= colloquy.now_utc())
      and (s.has_replays or s.ended is null and t.last_seq > s.sent_seq)
      and s.origin <> all (busy_origins) and s.tenant_id <> all (busy_tenants)
      and not exists (
        select from colloquy.stops x
        where x.tenant_id = s.tenant_id and x.resumed_at is null
          and (x.kind = 'tenant' or x.kind = 'principal' and x.name = s.created_by)
      )
    order by s.due_at limit row_limit;
  end;
reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_due_subscriptions(text[], uuid[], integer) owner to colloquy_lookup;
alter function colloquy.find_stopped(jsonb) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
