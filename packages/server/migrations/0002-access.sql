-- OAuth clients, signing keys, and what the authorization server must remember.

set local role colloquy_owner;

create table colloquy.oauth_clients (
  tenant_id   uuid not null references colloquy.tenants,
  client_id   text not null check (client_id ~ '^cli_[0-9a-f]{32}$'),
  name        text not null check (char_length(name) between 1 and 200),
  kind        text not null check (kind in ('oauth-client', 'operator')),
  -- HMAC-SHA-256 of a 256-bit secret that the platform made; the pepper is not in the database.
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  scopes      text[] not null,
  created_at  timestamptz not null default colloquy.now_utc(),
  revoked_at  timestamptz,
  primary key (tenant_id, client_id),
  unique (tenant_id, name)
);
create unique index oauth_clients_by_id on colloquy.oauth_clients (client_id);
call colloquy.secure_tenant_table('colloquy.oauth_clients');
grant select, insert on colloquy.oauth_clients to colloquy_app;
grant update (revoked_at) on colloquy.oauth_clients to colloquy_app;
grant select on colloquy.oauth_clients to colloquy_lookup;
create policy lookup on colloquy.oauth_clients for select to colloquy_lookup using (true);

-- The token endpoint and the token check know a client id before they know its tenant.
create function colloquy.find_oauth_client(wanted_client_id text)
  returns table (tenant_id uuid, tenant_slug text, client_id text, kind text, secret_hash bytea, scopes text[], revoked_at timestamptz)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select c.tenant_id, t.slug, c.client_id, c.kind, c.secret_hash, c.scopes, c.revoked_at
    from colloquy.oauth_clients c join colloquy.tenants t on t.tenant_id = c.tenant_id
    where c.client_id = wanted_client_id;
  end;
revoke all on function colloquy.find_oauth_client(text) from public;
grant execute on function colloquy.find_oauth_client(text) to colloquy_app;

-- Platform-wide keys: no tenant owns them. The private half is sealed with the platform's key-encryption key.
create table colloquy.signing_keys (
  kid                text primary key,
  algorithm          text not null check (algorithm in ('ES256')),
  public_jwk         jsonb not null,
  private_jwk_sealed bytea not null,
  created_at         timestamptz not null default colloquy.now_utc(),
  retired_at         timestamptz
);
grant select, insert on colloquy.signing_keys to colloquy_app;

-- Short-lived records of the authorization server (grants, replay detection), by its own opaque ids.
create table colloquy.oidc_records (
  model      text not null,
  record_id  text not null,
  payload    jsonb not null,
  grant_id   text,
  expires_at timestamptz,
  primary key (model, record_id)
);
create index oidc_records_by_grant on colloquy.oidc_records (grant_id) where grant_id is not null;
create index oidc_records_by_expiry on colloquy.oidc_records (expires_at);
grant select, insert, update, delete on colloquy.oidc_records to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_oauth_client(text) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
