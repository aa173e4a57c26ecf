-- Roles, the tenant policy, and the tenants themselves.
-- Roles belong to the whole cluster, so each is created only when it is missing.

do $roles$
declare wanted text;
begin
  foreach wanted in array array['colloquy_owner', 'colloquy_lookup', 'colloquy_app', 'colloquy_worker'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin noinherit', wanted);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    if not pg_has_role(current_user, wanted, 'member') then
      execute format('grant %I to %I', wanted, current_user);
    end if;
  end loop;
end
$roles$;

create schema colloquy authorization colloquy_owner;
revoke all on schema colloquy from public;
grant usage on schema colloquy to colloquy_app, colloquy_worker, colloquy_lookup;
set local role colloquy_owner;

-- The time of every lease, stamp and expiry. One function, so that a test database can move it.
create function colloquy.now_utc() returns timestamptz
  language sql stable parallel safe
  return transaction_timestamp();

-- The tenants of this transaction: empty when none is set, so that forgetting it shows nothing.
create function colloquy.current_tenants() returns uuid[]
  language sql stable parallel safe
  return coalesce(nullif(current_setting('colloquy.tenant_ids', true), ''), '{}')::uuid[];

-- The one template that every table with a tenant_id gets. The sub-select is uncorrelated, so it is evaluated once a statement.
create procedure colloquy.secure_tenant_table(secured regclass)
  language plpgsql as $body$
begin
  execute format('alter table %s enable row level security', secured);
  execute format('alter table %s force row level security', secured);
  execute format(
    'create policy tenant_isolation on %s for all to colloquy_app'
    ' using (tenant_id = any ((select colloquy.current_tenants())::uuid[]))'
    ' with check (tenant_id = any ((select colloquy.current_tenants())::uuid[]))', secured);
end
$body$;
revoke all on procedure colloquy.secure_tenant_table(regclass) from public;

create table colloquy.tenants (
  tenant_id  uuid primary key,
  slug       text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  name       text not null check (char_length(name) between 1 and 200),
  created_at timestamptz not null default colloquy.now_utc()
);
call colloquy.secure_tenant_table('colloquy.tenants');
grant select, insert on colloquy.tenants to colloquy_app;

-- Look-ups before the tenant is known. Each is one narrow function that runs as colloquy_lookup; the list is golden.
grant select on colloquy.tenants to colloquy_lookup;
create policy lookup on colloquy.tenants for select to colloquy_lookup using (true);

create function colloquy.find_tenant(wanted_slug text) returns table (tenant_id uuid, slug text, name text)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select t.tenant_id, t.slug, t.name from colloquy.tenants t where t.slug = wanted_slug;
  end;

create function colloquy.list_tenants(after_slug text, row_limit integer) returns table (tenant_id uuid, slug text, name text, created_at timestamptz)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select t.tenant_id, t.slug, t.name, t.created_at from colloquy.tenants t
    where t.slug > after_slug order by t.slug limit row_limit;
  end;

revoke all on function colloquy.find_tenant(text), colloquy.list_tenants(text, integer) from public;
grant execute on function colloquy.find_tenant(text), colloquy.list_tenants(text, integer) to colloquy_app;
reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_tenant(text) owner to colloquy_lookup;
alter function colloquy.list_tenants(text, integer) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
