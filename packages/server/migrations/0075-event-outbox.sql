-- Events for receivers outside: sinks that tenants name, the outbox that transactions append to, and events that a sink could not be given.

set local role colloquy_owner;

-- The number of the last event of a tenant. Its row is locked until the appending transaction ends, so events commit in the order of their numbers.
create table colloquy.event_streams (
  tenant_id uuid primary key references colloquy.tenants,
  last_seq  bigint not null default 0 check (last_seq >= 0)
) with (fillfactor = 50);
call colloquy.secure_tenant_table('colloquy.event_streams');
grant select, insert, update (last_seq) on colloquy.event_streams to colloquy_app;

create table colloquy.event_outbox (
  tenant_id   uuid not null references colloquy.tenants,
  -- Without gaps in a tenant.
  seq         bigint not null check (seq >= 1),
  -- Chosen by the cause, so that a repeated transaction appends nothing.
  event_id    uuid not null,
  type        text collate "C" not null check (type ~ '^[a-z0-9.-]{1,128}$'),
  subject     text not null check (char_length(subject) between 1 and 512),
  occurred_at timestamptz not null,
  data        jsonb not null check (octet_length(data::text) <= 65536),
  created_at  timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, seq)
);
create unique index event_outbox_by_id on colloquy.event_outbox (event_id, tenant_id);
create index event_outbox_by_age on colloquy.event_outbox using brin (created_at);
call colloquy.secure_tenant_table('colloquy.event_outbox');
grant select, insert, delete on colloquy.event_outbox to colloquy_app;

create table colloquy.event_sinks (
  tenant_id           uuid not null references colloquy.tenants,
  name                text collate "C" not null check (char_length(name) between 1 and 63),
  -- Signing secrets are derived from it: a sink that was removed and set again has another one.
  sink_id             uuid not null,
  url                 text not null check (char_length(url) <= 2048),
  -- Scheme, host and port of the URL.
  origin              text not null check (char_length(origin) <= 2048),
  -- Event types; `*` stands for any characters.
  types               text[] not null check (cardinality(types) between 1 and 16),
  secret_generation   integer not null default 0 check (secret_generation >= 0),
  -- Until when the former secret signs as well.
  former_secret_until timestamptz,
  -- The last event that was delivered, dead-lettered, or is not for this sink.
  sent_seq            bigint not null check (sent_seq >= 0),
  -- Failed attempts of the next event.
  attempts            integer not null default 0 check (attempts >= 0),
  -- Dead-lettered events wait to be sent again.
  has_replays         boolean not null default false,
  -- Events that left the outbox before this sink got them.
  missed              bigint not null default 0 check (missed >= 0),
  -- The receiver answered 410: nothing is sent until the sink is set again.
  gone_at             timestamptz,
  last_status         integer,
  last_reason         text,
  last_attempt_at     timestamptz,
  delivered_at        timestamptz,
  -- No attempt before.
  due_at              timestamptz not null default colloquy.now_utc(),
  -- The id changes with each claim and fences what is written under it.
  lease_id            uuid,
  lease_node_id       uuid,
  lease_until         timestamptz,
  created_at          timestamptz not null default colloquy.now_utc(),
  changed_by          text not null,
  changed_at          timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, name)
) with (fillfactor = 70);
call colloquy.secure_tenant_table('colloquy.event_sinks');
grant select, insert, update, delete on colloquy.event_sinks to colloquy_app;

create table colloquy.event_dead_letters (
  tenant_id    uuid not null,
  sink_name    text collate "C" not null,
  seq          bigint not null,
  event_id     uuid not null,
  type         text collate "C" not null,
  subject      text not null,
  occurred_at  timestamptz not null,
  data         jsonb not null,
  attempts     integer not null check (attempts >= 1),
  last_status  integer,
  last_reason  text not null,
  dead_at      timestamptz not null default colloquy.now_utc(),
  -- A replay was requested.
  is_replaying boolean not null default false,
  primary key (tenant_id, sink_name, seq),
  foreign key (tenant_id, sink_name) references colloquy.event_sinks on delete cascade
);
call colloquy.secure_tenant_table('colloquy.event_dead_letters');
grant select, insert, update, delete on colloquy.event_dead_letters to colloquy_app;

-- Whether one of the types of a sink matches. Types have no character that means something to `like`.
create function colloquy.matches_event_type(type text, types text[]) returns boolean
  language sql immutable set search_path = pg_catalog, pg_temp
  return type like any (string_to_array(replace(array_to_string(types, ' '), '*', '%'), ' '));

-- Appends [{eventId, type, subject, time, data}] to the outbox of a tenant, in the transaction of the cause: the last thing in it, and of several
-- tenants in the order of their ids, because the tenant's stream stays locked until the end. An event that no sink of the tenant is set for, or that
-- was appended before, is left out. Above `kept_max` events of the tenant the oldest are dropped. Returns how many were appended.
create function colloquy.append_to_outbox(for_tenant uuid, events jsonb, kept_max bigint) returns bigint
  language plpgsql volatile set search_path = colloquy, pg_temp as $body$
declare
  stream_seq bigint;
  appended bigint;
begin
  if not exists (select from colloquy.event_sinks s where s.tenant_id = for_tenant) then return 0; end if;
  insert into colloquy.event_streams (tenant_id) values (for_tenant) on conflict (tenant_id) do nothing;
  select s.last_seq into stream_seq from colloquy.event_streams s where s.tenant_id = for_tenant for update;
  insert into colloquy.event_outbox (tenant_id, seq, event_id, type, subject, occurred_at, data)
  select for_tenant, stream_seq + row_number() over (order by e.place), e.event_id, e.type, e.subject, e.occurred_at, e.data
  from (
    select distinct on ((x.event ->> 'eventId')::uuid) x.place, (x.event ->> 'eventId')::uuid as event_id, x.event ->> 'type' as type,
      x.event ->> 'subject' as subject, (x.event ->> 'time')::timestamptz as occurred_at, x.event -> 'data' as data
    from jsonb_array_elements(events) with ordinality as x (event, place)
    order by (x.event ->> 'eventId')::uuid, x.place
  ) e
  where exists (select from colloquy.event_sinks s where s.tenant_id = for_tenant and colloquy.matches_event_type(e.type, s.types))
    and not exists (select from colloquy.event_outbox o where o.tenant_id = for_tenant and o.event_id = e.event_id);
  get diagnostics appended = row_count;
  if appended > 0 then
    update colloquy.event_streams s set last_seq = stream_seq + appended where s.tenant_id = for_tenant;
    delete from colloquy.event_outbox o where o.tenant_id = for_tenant and o.seq <= stream_seq + appended - kept_max;
  end if;
  return appended;
end
$body$;
revoke all on function colloquy.matches_event_type(text, text[]), colloquy.append_to_outbox(uuid, jsonb, bigint) from public;
grant execute on function colloquy.matches_event_type(text, text[]), colloquy.append_to_outbox(uuid, jsonb, bigint) to colloquy_app, colloquy_counter;

-- Functions of the counter append for every tenant.
grant select (tenant_id, types) on colloquy.event_sinks to colloquy_counter;
create policy counting on colloquy.event_sinks for select to colloquy_counter using (true);
grant select, insert, update (last_seq) on colloquy.event_streams to colloquy_counter;
create policy counting on colloquy.event_streams for all to colloquy_counter using (true) with check (true);
grant select (tenant_id, seq, event_id), insert, delete on colloquy.event_outbox to colloquy_counter;
create policy counting on colloquy.event_outbox for all to colloquy_counter using (true) with check (true);

-- A worker claims sinks of every tenant. It sees where they are, and no event.
grant select (tenant_id, name, origin, gone_at, due_at, lease_id, lease_node_id, lease_until), update (lease_id, lease_node_id, lease_until)
  on colloquy.event_sinks to colloquy_worker;
create policy delivering_read on colloquy.event_sinks for select to colloquy_worker using (true);
create policy delivering_claim on colloquy.event_sinks for update to colloquy_worker using (true) with check (true);

-- Which sinks have something due, of all tenants: a stream that has grown beyond what was sent, or a dead letter to send again.
grant select (tenant_id, name, origin, sent_seq, has_replays, gone_at, due_at, lease_until) on colloquy.event_sinks to colloquy_lookup;
create policy lookup on colloquy.event_sinks for select to colloquy_lookup using (true);
grant select on colloquy.event_streams to colloquy_lookup;
create policy lookup on colloquy.event_streams for select to colloquy_lookup using (true);
create function colloquy.find_due_event_sinks(busy_origins text[], busy_tenants uuid[], row_limit integer)
  returns table (tenant_id uuid, name text, origin text, due_at timestamptz)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select s.tenant_id, s.name, s.origin, s.due_at
    from colloquy.event_sinks s
    left join colloquy.event_streams e on e.tenant_id = s.tenant_id
    where s.gone_at is null and s.due_at <= colloquy.now_utc() and (s.lease_until is null or s.lease_until <= colloquy.now_utc())
      and (s.has_replays or e.last_seq > s.sent_seq)
      and s.origin <> all (busy_origins) and s.tenant_id <> all (busy_tenants)
    order by s.due_at limit row_limit;
  end;
revoke all on function colloquy.find_due_event_sinks(text[], uuid[], integer) from public;
grant execute on function colloquy.find_due_event_sinks(text[], uuid[], integer) to colloquy_worker;

-- Housekeeping deletes old events and dead letters, and sees their age alone.
grant select (ctid, created_at), delete on colloquy.event_outbox to colloquy_worker;
create policy housekeeping on colloquy.event_outbox for all to colloquy_worker
  using (created_at < colloquy.now_utc() - interval '1 hour');
grant select (ctid, dead_at), delete on colloquy.event_dead_letters to colloquy_worker;
create policy housekeeping on colloquy.event_dead_letters for all to colloquy_worker
  using (dead_at < colloquy.now_utc() - interval '1 hour');

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_due_event_sinks(text[], uuid[], integer) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
