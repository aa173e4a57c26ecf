-- Agents, every card they ever had, and where they can be reached.

set local role colloquy_owner;

create table colloquy.agents (
  tenant_id           uuid not null references colloquy.tenants,
  agent_id            uuid not null,
  name                text not null check (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  card_version        integer not null check (card_version >= 1),
  card_visibility     text not null check (card_visibility in ('tenant', 'public')),
  price_microcredits  bigint not null check (price_microcredits between 0 and 9000000000000000),
  -- Whether sending one messageId twice has the effect of sending it once.
  idempotent          boolean not null,
  task_ms_max         integer not null check (task_ms_max between 100 and 86400000),
  credential_kind     text not null check (credential_kind in ('none', 'bearer', 'api-key')),
  credential_header   text,
  -- Sealed with the platform's key-encryption key; bound to the origin below. Never returned.
  credential_sealed   bytea,
  credential_origin   text,
  registered_by       text not null,
  created_at          timestamptz not null default colloquy.now_utc(),
  deregistered_at     timestamptz,
  primary key (tenant_id, agent_id)
);
-- A name can be used again after deregistration. The name comes first, so that no look-up by id prefers this index.
create unique index agents_by_name on colloquy.agents (name, tenant_id) where deregistered_at is null;
call colloquy.secure_tenant_table('colloquy.agents');
grant select, insert, update on colloquy.agents to colloquy_app;

create table colloquy.agent_card_versions (
  tenant_id  uuid not null,
  agent_id   uuid not null,
  version    integer not null check (version >= 1),
  -- The card as the agent published it.
  card       jsonb not null,
  card_url   text,
  created_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_id, version),
  foreign key (tenant_id, agent_id) references colloquy.agents
);
call colloquy.secure_tenant_table('colloquy.agent_card_versions');
grant select, insert on colloquy.agent_card_versions to colloquy_app;

create table colloquy.agent_instances (
  tenant_id        uuid not null,
  instance_id      uuid not null,
  agent_id         uuid not null,
  url              text not null check (char_length(url) <= 2048),
  binding          text not null check (binding in ('JSONRPC')),
  protocol_version text not null,
  routing_tag      text,
  created_at       timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, instance_id),
  foreign key (tenant_id, agent_id) references colloquy.agents
);
create index agent_instances_by_agent on colloquy.agent_instances (tenant_id, agent_id);
call colloquy.secure_tenant_table('colloquy.agent_instances');
grant select, insert, delete on colloquy.agent_instances to colloquy_app;

-- A card may be public; its reader then has no tenant yet. Answers public cards only.
grant select on colloquy.agents, colloquy.agent_card_versions to colloquy_lookup;
create policy lookup on colloquy.agents for select to colloquy_lookup using (card_visibility = 'public');
create policy lookup on colloquy.agent_card_versions for select to colloquy_lookup using (true);
create function colloquy.find_public_card(wanted_slug text, wanted_name text)
  returns table (card jsonb, version integer, agent_id uuid, modified_at timestamptz)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select v.card, v.version, a.agent_id, v.created_at
    from colloquy.tenants t
    join colloquy.agents a on a.tenant_id = t.tenant_id
    join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
    where t.slug = wanted_slug and a.name = wanted_name and a.deregistered_at is null and a.card_visibility = 'public';
  end;
revoke all on function colloquy.find_public_card(text, text) from public;
grant execute on function colloquy.find_public_card(text, text) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_public_card(text, text) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
