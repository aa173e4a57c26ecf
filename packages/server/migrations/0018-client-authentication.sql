-- How a client proves itself, and what its tokens are bound to.

set local role colloquy_owner;

alter table colloquy.oauth_clients
  add column auth_method text not null default 'client_secret_basic' check (auth_method in ('client_secret_basic',
    'client_secret_post', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth')),
  add column token_binding text not null default 'none' check (token_binding in ('none', 'dpop', 'certificate')),
  -- Public keys (RFC 7517). For a self-signed certificate its key, with the certificate as x5c.
  add column jwks jsonb check (jwks is null or octet_length(jwks::text) <= 131072),
  -- The one name that a certificate must show (RFC 8705 section 2.1.2).
  add column subject_kind text check (subject_kind in ('dn', 'dns', 'uri', 'ip', 'email')),
  add column subject_value text check (char_length(subject_value) between 1 and 1000),
  add constraint oauth_clients_proof check (
    (jwks is not null) = (auth_method in ('private_key_jwt', 'self_signed_tls_client_auth'))
    and (subject_kind is not null) = (auth_method = 'tls_client_auth')
    and (subject_value is not null) = (auth_method = 'tls_client_auth')
  );

-- A client has two secrets while one replaces the other.
create table colloquy.oauth_client_secrets (
  tenant_id   uuid not null,
  client_id   text not null,
  secret_id   uuid not null,
  -- HMAC-SHA-256 of a 256-bit secret that the platform made; the pepper is not in the database.
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_at  timestamptz not null default colloquy.now_utc(),
  expires_at  timestamptz,
  revoked_at  timestamptz,
  primary key (tenant_id, client_id, secret_id),
  foreign key (tenant_id, client_id) references colloquy.oauth_clients
);
-- Before rows are only seen through policies.
alter table colloquy.oauth_clients no force row level security;
insert into colloquy.oauth_client_secrets (tenant_id, client_id, secret_id, secret_hash, created_at)
  select tenant_id, client_id, gen_random_uuid(), secret_hash, created_at from colloquy.oauth_clients;
alter table colloquy.oauth_clients force row level security;
call colloquy.secure_tenant_table('colloquy.oauth_client_secrets');
grant select, insert on colloquy.oauth_client_secrets to colloquy_app;
grant update (revoked_at) on colloquy.oauth_client_secrets to colloquy_app;
grant select on colloquy.oauth_client_secrets to colloquy_lookup;
create policy lookup on colloquy.oauth_client_secrets for select to colloquy_lookup using (true);

-- Whose certificates the clients of a tenant may present.
create table colloquy.client_authorities (
  tenant_id    uuid not null references colloquy.tenants,
  authority_id uuid not null,
  name         text not null check (char_length(name) between 1 and 200),
  certificate  text not null check (char_length(certificate) <= 16384),
  -- SHA-256 of the DER form, base64url.
  thumbprint   text not null check (thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
  subject      text not null,
  expires_at   timestamptz not null,
  added_at     timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, authority_id),
  unique (tenant_id, thumbprint)
);
call colloquy.secure_tenant_table('colloquy.client_authorities');
grant select, insert, delete on colloquy.client_authorities to colloquy_app;
grant select on colloquy.client_authorities to colloquy_lookup;
create policy lookup on colloquy.client_authorities for select to colloquy_lookup using (true);

drop function colloquy.find_oauth_client(text);
alter table colloquy.oauth_clients drop column secret_hash;

-- The token endpoint and the token check know a client id before they know its tenant.
create function colloquy.find_oauth_client(wanted_client_id text)
  returns table (tenant_id uuid, tenant_slug text, client_id text, kind text, scopes text[], revoked_at timestamptz,
    auth_method text, token_binding text, jwks jsonb, subject_kind text, subject_value text,
    secret_hashes bytea[], authorities text[])
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select c.tenant_id, t.slug, c.client_id, c.kind, c.scopes, c.revoked_at,
      c.auth_method, c.token_binding, c.jwks, c.subject_kind, c.subject_value,
      array(select s.secret_hash from colloquy.oauth_client_secrets s
        where s.tenant_id = c.tenant_id and s.client_id = c.client_id and s.revoked_at is null
          and (s.expires_at is null or s.expires_at > colloquy.now_utc())),
      case c.auth_method when 'tls_client_auth' then
        array(select a.certificate from colloquy.client_authorities a where a.tenant_id = c.tenant_id) end
    from colloquy.oauth_clients c join colloquy.tenants t on t.tenant_id = c.tenant_id
    where c.client_id = wanted_client_id;
  end;
revoke all on function colloquy.find_oauth_client(text) from public;
grant execute on function colloquy.find_oauth_client(text) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_oauth_client(text) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
