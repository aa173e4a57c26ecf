-- What agents answered to calls of cacheable skills, and what tenants say of giving it again.

set local role colloquy_owner;

-- Each key has one of a tenant's places, so the table can not grow beyond its bound: a newer result takes the place of an older one. After a
-- crash the table is empty, and agents are asked again; so it needs no place in the log of the database.
create unlogged table colloquy.skill_results (
  tenant_id     uuid not null references colloquy.tenants,
  place         integer not null check (place >= 0),
  -- 128 bits of SHA-256 over the canonical call.
  key_hash      uuid not null,
  agent_name    text not null,
  skill_id      text not null,
  -- A stored result as JSON; never searched, so it is not parsed by the database. Null while the first one is fetched.
  result        text check (char_length(result) <= 131072),
  stored_at     timestamptz,
  fresh_until   timestamptz,
  stale_until   timestamptz,
  -- The task that fetches a result, and until when that is believed without another word of it.
  claimed_by    uuid,
  claimed_until timestamptz,
  primary key (tenant_id, place),
  check (num_nulls(result, stored_at, fresh_until, stale_until) in (0, 4)),
  check ((claimed_by is null) = (claimed_until is null))
) with (fillfactor = 70);
alter table colloquy.skill_results alter column tenant_id set (n_distinct = 1);
call colloquy.secure_tenant_table('colloquy.skill_results');
grant select, insert, update, delete on colloquy.skill_results to colloquy_app;

create domain colloquy.result_sharing as text check (value in ('caller', 'tenant'));

create table colloquy.result_terms (
  tenant_id         uuid not null references colloquy.tenants,
  -- Of whichever agent has the name: an agent may be registered anew.
  agent_name        text collate "C" not null check (char_length(agent_name) <= 63),
  -- Empty for the agent's other skills.
  skill_id          text collate "C" not null check (char_length(skill_id) <= 200),
  -- Null together: nothing was said; the row counts purges.
  shared_by         colloquy.result_sharing,
  hit_price_percent smallint check (hit_price_percent between 0 and 100),
  stale_ms          bigint check (stale_ms between 0 and 604800000),
  is_on             boolean,
  purges            integer not null default 0 check (purges >= 0),
  changed_by        text not null,
  changed_at        timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, agent_name, skill_id),
  check (num_nulls(shared_by, hit_price_percent, stale_ms, is_on) in (0, 4))
);
call colloquy.secure_tenant_table('colloquy.result_terms');
grant select, insert, update on colloquy.result_terms to colloquy_app;
-- Processes that know the terms of a tenant hear of a change as they hear of a changed route.
create trigger hint_routes after insert or update or delete on colloquy.result_terms
  for each row execute function colloquy.hint_routes();
reset role;
