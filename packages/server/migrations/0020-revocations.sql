-- Rights that end before their time, people beside programs, and the hint that carries both to every process.

set local role colloquy_owner;

-- People of a tenant. The password is a PHC string of argon2id; null until its owner has set one.
create table colloquy.people (
  tenant_id     uuid not null references colloquy.tenants,
  person_id     text not null check (person_id ~ '^per_[0-9a-f]{32}$'),
  login_name    text not null check (login_name ~ '^[a-z0-9]([a-z0-9._@+-]{0,98}[a-z0-9])?$'),
  password_hash text check (password_hash like '$argon2id$%' and char_length(password_hash) <= 200),
  scopes        text[] not null,
  created_at    timestamptz not null default colloquy.now_utc(),
  disabled_at   timestamptz,
  primary key (tenant_id, person_id),
  unique (tenant_id, login_name)
);
create unique index people_by_id on colloquy.people (person_id);
call colloquy.secure_tenant_table('colloquy.people');
grant select, insert on colloquy.people to colloquy_app;
grant update (password_hash, disabled_at) on colloquy.people to colloquy_app;
grant select (tenant_id, person_id, disabled_at) on colloquy.people to colloquy_lookup;
create policy lookup on colloquy.people for select to colloquy_lookup using (true);

-- Tokens and grants that were taken back. A row is kept for as long as anything lives that it ends.
create table colloquy.revocations (
  tenant_id  uuid not null references colloquy.tenants,
  subject    text not null check (char_length(subject) between 1 and 200),
  revoked_at timestamptz not null default colloquy.now_utc(),
  expires_at timestamptz not null,
  primary key (tenant_id, subject)
);
create index revocations_by_expiry on colloquy.revocations (expires_at);
call colloquy.secure_tenant_table('colloquy.revocations');
grant select, insert on colloquy.revocations to colloquy_app;
grant select (tenant_id, subject) on colloquy.revocations to colloquy_lookup;
create policy lookup on colloquy.revocations for select to colloquy_lookup using (true);
grant select (ctid, expires_at), delete on colloquy.revocations to colloquy_worker;
create policy housekeeping on colloquy.revocations for all to colloquy_worker
  using (expires_at < colloquy.now_utc() - interval '1 hour');

-- The places, counted from 0, of standings that have fallen: something was revoked, or a party is unknown, revoked or disabled.
create function colloquy.find_fallen(standings jsonb) returns table (place integer)
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
      )
    );
  end;
revoke all on function colloquy.find_fallen(jsonb) from public;
grant execute on function colloquy.find_fallen(jsonb) to colloquy_app;

-- Whoever changes who may do what tells every process, in the same transaction: the tenant's id, and nothing of the change.
create function colloquy.hint_access() returns trigger
  language plpgsql as $body$
begin
  perform pg_notify('colloquy_access', new.tenant_id::text);
  return null;
end
$body$;
create trigger hint_access after insert on colloquy.revocations
  for each row execute function colloquy.hint_access();
create trigger hint_access after update on colloquy.oauth_clients
  for each row execute function colloquy.hint_access();
create trigger hint_access after update on colloquy.people
  for each row execute function colloquy.hint_access();

-- Keys belong to no tenant; an empty hint says that they changed.
create function colloquy.hint_keys() returns trigger
  language plpgsql as $body$
begin
  perform pg_notify('colloquy_access', '');
  return null;
end
$body$;
create trigger hint_keys after insert or update on colloquy.signing_keys
  for each statement execute function colloquy.hint_keys();

-- A key that must not be believed any more, from one moment to the next.
alter table colloquy.signing_keys add column dropped_at timestamptz;
grant update (dropped_at) on colloquy.signing_keys to colloquy_app;
grant select (dropped_at) on colloquy.signing_keys to colloquy_worker;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_fallen(jsonb) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
