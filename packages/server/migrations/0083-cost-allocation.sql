-- The lookups of a token and of an API key also return the department and the cost center of the client or key. Processes of the release before
-- select columns by name, so the added ones do not disturb them.

set local role colloquy_owner;

drop function colloquy.find_oauth_client(text);
create function colloquy.find_oauth_client(wanted_client_id text)
  returns table (tenant_id uuid, tenant_slug text, client_id text, kind text, scopes text[], revoked_at timestamptz,
    auth_method text, token_binding text, jwks jsonb, subject_kind text, subject_value text,
    secret_hashes bytea[], authorities text[], department text, cost_center text)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select c.tenant_id, t.slug, c.client_id, c.kind, c.scopes, c.revoked_at,
      c.auth_method, c.token_binding, c.jwks, c.subject_kind, c.subject_value,
      array(select s.secret_hash from colloquy.oauth_client_secrets s
        where s.tenant_id = c.tenant_id and s.client_id = c.client_id and s.revoked_at is null
          and (s.expires_at is null or s.expires_at > colloquy.now_utc())),
      case c.auth_method when 'tls_client_auth' then
        array(select a.certificate from colloquy.client_authorities a where a.tenant_id = c.tenant_id) end,
      c.department, c.cost_center
    from colloquy.oauth_clients c join colloquy.tenants t on t.tenant_id = c.tenant_id
    where c.client_id = wanted_client_id;
  end;
revoke all on function colloquy.find_oauth_client(text) from public;
grant execute on function colloquy.find_oauth_client(text) to colloquy_app;

drop function colloquy.find_api_key(text);
create function colloquy.find_api_key(wanted_key_id text)
  returns table (tenant_id uuid, tenant_slug text, key_id text, principal_id text, secret_hash bytea, scopes text[],
    agent_names text[], left_ms float8, is_live boolean, department text, cost_center text)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select k.tenant_id, t.slug, k.key_id, k.principal_id, k.secret_hash, k.scopes, k.agent_names,
      extract(epoch from k.expires_at - colloquy.now_utc())::float8 * 1000,
      k.revoked_at is null and k.expires_at > colloquy.now_utc(), k.department, k.cost_center
    from colloquy.api_keys k join colloquy.tenants t on t.tenant_id = k.tenant_id
    where k.key_id = wanted_key_id;
  end;
revoke all on function colloquy.find_api_key(text) from public;
grant execute on function colloquy.find_api_key(text) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_oauth_client(text) owner to colloquy_lookup;
alter function colloquy.find_api_key(text) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
