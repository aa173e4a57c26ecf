-- API keys: bearer credentials of a tenant's programs that live for months, and what they are narrowed to.

set local role colloquy_owner;

create table colloquy.api_keys (
  tenant_id    uuid not null references colloquy.tenants,
  key_id       text not null check (key_id ~ '^apk_[0-9a-f]{32}$'),
  -- Who acts with it: the id of the first key of this name, so that a key that replaces another goes on with its tasks.
  principal_id text not null check (principal_id ~ '^apk_[0-9a-f]{32}$'),
  name         text not null check (char_length(name) between 1 and 200),
  -- HMAC-SHA-256 of the whole key, which holds 256 random bits; the pepper is not in the database.
  secret_hash  bytea not null check (octet_length(secret_hash) = 32),
  scopes       text[] not null check (cardinality(scopes) between 1 and 32),
  -- Names of the agents that it may call; null for every agent of the tenant.
  agent_names  text[] check (cardinality(agent_names) between 1 and 50),
  created_by   text not null,
  created_at   timestamptz not null default colloquy.now_utc(),
  expires_at   timestamptz not null,
  -- To about a minute.
  last_used_at timestamptz,
  revoked_at   timestamptz,
  primary key (tenant_id, key_id)
);
create unique index api_keys_by_id on colloquy.api_keys (key_id);
create index api_keys_by_name on colloquy.api_keys (tenant_id, name);
call colloquy.secure_tenant_table('colloquy.api_keys');
grant select, insert on colloquy.api_keys to colloquy_app;
grant update (last_used_at, revoked_at) on colloquy.api_keys to colloquy_app;
grant select on colloquy.api_keys to colloquy_lookup;
create policy lookup on colloquy.api_keys for select to colloquy_lookup using (true);

create trigger hint_access after update of revoked_at on colloquy.api_keys
  for each row execute function colloquy.hint_access();

-- Whoever is shown a key knows its id before its tenant. Times are judged here, by the clock that they were written by.
create function colloquy.find_api_key(wanted_key_id text)
  returns table (tenant_id uuid, tenant_slug text, key_id text, principal_id text, secret_hash bytea, scopes text[],
    agent_names text[], left_ms float8, is_live boolean)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select k.tenant_id, t.slug, k.key_id, k.principal_id, k.secret_hash, k.scopes, k.agent_names,
      extract(epoch from k.expires_at - colloquy.now_utc())::float8 * 1000,
      k.revoked_at is null and k.expires_at > colloquy.now_utc()
    from colloquy.api_keys k join colloquy.tenants t on t.tenant_id = k.tenant_id
    where k.key_id = wanted_key_id;
  end;
revoke all on function colloquy.find_api_key(text) from public;
grant execute on function colloquy.find_api_key(text) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_api_key(text) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
