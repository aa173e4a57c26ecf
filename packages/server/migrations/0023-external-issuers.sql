-- Authorization servers of others whose access tokens a tenant accepts, and what their claims mean here.

set local role colloquy_owner;

create table colloquy.external_issuers (
  tenant_id     uuid not null references colloquy.tenants,
  issuer_id     text not null check (issuer_id ~ '^iss_[0-9a-f]{32}$'),
  name          text not null check (char_length(name) between 1 and 200),
  -- As tokens carry them, character by character (RFC 9068 section 4).
  issuer        text not null check (issuer ~ '^https?://[!-~]+$' and char_length(issuer) <= 500),
  audience      text not null check (audience ~ '^[!-~]+$' and char_length(audience) <= 500),
  algorithms    text[] not null check (algorithms <@ array['RS256', 'PS256', 'ES256', 'EdDSA'] and cardinality(algorithms) between 1 and 4),
  token_type    text not null check (token_type in ('at+jwt', 'jwt')),
  subject_claim text not null check (char_length(subject_claim) between 1 and 200),
  scopes_claim  text not null check (char_length(scopes_claim) between 1 and 200),
  -- From what the scopes claim says to scopes of ours. What is not in it grants nothing.
  scope_map     jsonb not null check (jsonb_typeof(scope_map) = 'object'),
  added_by      text not null,
  created_at    timestamptz not null default colloquy.now_utc(),
  removed_at    timestamptz,
  primary key (tenant_id, issuer_id)
);
-- A token names its issuer and its audience, and no tenant: the two stand for one tenant at a time.
create unique index external_issuers_by_address on colloquy.external_issuers (issuer, audience) where removed_at is null;
call colloquy.secure_tenant_table('colloquy.external_issuers');
grant select, insert on colloquy.external_issuers to colloquy_app;
grant update (name, algorithms, token_type, subject_claim, scopes_claim, scope_map, removed_at) on colloquy.external_issuers to colloquy_app;
grant select on colloquy.external_issuers to colloquy_lookup;
create policy lookup on colloquy.external_issuers for select to colloquy_lookup using (true);

create trigger hint_access after update on colloquy.external_issuers
  for each row execute function colloquy.hint_access();

create function colloquy.find_external_issuer(wanted_issuer text, wanted_audience text)
  returns table (tenant_id uuid, tenant_slug text, issuer_id text, algorithms text[], token_type text, subject_claim text,
    scopes_claim text, scope_map jsonb)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select i.tenant_id, t.slug, i.issuer_id, i.algorithms, i.token_type, i.subject_claim, i.scopes_claim, i.scope_map
    from colloquy.external_issuers i join colloquy.tenants t on t.tenant_id = i.tenant_id
    where i.issuer = wanted_issuer and i.audience = wanted_audience and i.removed_at is null;
  end;
revoke all on function colloquy.find_external_issuer(text, text) from public;
grant execute on function colloquy.find_external_issuer(text, text) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_external_issuer(text, text) owner to colloquy_lookup;

-- The places, counted from 0, of standings that have fallen: something was revoked, or a party is unknown, revoked, disabled, ended or removed.
set local role colloquy_lookup;
create or replace function colloquy.find_fallen(standings jsonb) returns table (place integer)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select (s.n - 1)::integer
    from jsonb_array_elements(standings) with ordinality as s(standing, n)
    where exists (
      select from jsonb_array_elements_text(s.standing -> 'revocable') as w(subject)
      join colloquy.revocations r on r.tenant_id = (s.standing ->> 'tenant')::uuid and r.subject = w.subject
    ) or exists (
      select from jsonb_array_elements_text(s.standing -> 'parties') as p(id)
      where not exists (
        select from colloquy.oauth_clients c
        where c.client_id = p.id and c.tenant_id = (s.standing ->> 'tenant')::uuid and c.revoked_at is null
      ) and not exists (
        select from colloquy.people m
        where m.person_id = p.id and m.tenant_id = (s.standing ->> 'tenant')::uuid and m.disabled_at is null
      ) and not exists (
        select from colloquy.api_keys k
        where k.key_id = p.id and k.tenant_id = (s.standing ->> 'tenant')::uuid and k.revoked_at is null
          and k.expires_at > colloquy.now_utc()
      ) and not exists (
        select from colloquy.external_issuers i
        where i.issuer_id = p.id and i.tenant_id = (s.standing ->> 'tenant')::uuid and i.removed_at is null
      )
    );
  end;
reset role;
revoke create on schema colloquy from colloquy_lookup;
