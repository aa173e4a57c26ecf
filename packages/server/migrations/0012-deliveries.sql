-- Push subscriptions of tasks, and what became of each notification. The log of a task is the queue: a subscription remembers how
-- far it has been told, so an event that is committed is a notification that is due.

set local role colloquy_owner;

create table colloquy.push_subscriptions (
  tenant_id          uuid not null,
  task_id            uuid not null,
  -- 128 bits of SHA-256 over the task and the name below.
  subscription_id    uuid not null,
  -- The name that its owner knows it by.
  config_id          text not null check (char_length(config_id) between 1 and 256),
  url                text not null check (char_length(url) <= 2048),
  -- Scheme, host and port of the address; a slow one is kept from holding up the others.
  origin             text not null check (char_length(origin) <= 2048),
  -- The version of A2A whose words its notifications use.
  protocol_version   text not null,
  -- Sealed with the platform's key-encryption key; bound to this row and its origin. Never returned.
  token_sealed       bytea,
  credentials_scheme text,
  credentials_sealed bytea,
  created_by         text not null,
  created_at         timestamptz not null default colloquy.now_utc(),
  -- The last event of the log that was told, given up, or is not for it.
  sent_seq           integer not null check (sent_seq >= 0),
  -- When its receiver answered the challenge, where one is asked for.
  verified_at        timestamptz,
  -- The last notification was given up; until one arrives, each is tried once.
  is_failing         boolean not null default false,
  -- Why nothing more is told: the task has ended, or the receiver is gone. Null while its task is followed.
  ended              text check (ended in ('done', 'gone')),
  -- Some of its notifications are to be told again.
  has_replays        boolean not null default false,
  -- Followed, or with something to be told again.
  is_active          boolean not null check (is_active = (ended is null or has_replays)),
  -- Nothing is tried before.
  due_at             timestamptz not null default colloquy.now_utc(),
  -- Lease: whose turn it is to tell. The id changes with each claim and fences what is written under it.
  lease_id           uuid,
  lease_node_id      uuid,
  lease_until        timestamptz,
  primary key (tenant_id, task_id, subscription_id),
  foreign key (tenant_id, task_id) references colloquy.tasks
) with (fillfactor = 70);
create index push_subscriptions_active on colloquy.push_subscriptions (is_active, tenant_id) where is_active;
call colloquy.secure_tenant_table('colloquy.push_subscriptions');
grant select, insert, update, delete on colloquy.push_subscriptions to colloquy_app;

-- The worker claims subscriptions of every tenant. It sees where they go, never what is told or with which secret.
grant select (tenant_id, task_id, subscription_id, origin, is_active, due_at, lease_id, lease_node_id, lease_until),
  update (lease_id, lease_node_id, lease_until) on colloquy.push_subscriptions to colloquy_worker;
create policy deliverer_read on colloquy.push_subscriptions for select to colloquy_worker using (is_active);
create policy deliverer_claim on colloquy.push_subscriptions for update to colloquy_worker using (is_active) with check (is_active);

create table colloquy.deliveries (
  tenant_id        uuid not null,
  task_id          uuid not null,
  subscription_id  uuid not null,
  -- The event of the task's log.
  seq              integer not null check (seq >= 1),
  -- 128 bits of SHA-256 over subscription and event: the same at every try, on every node.
  delivery_id      uuid not null,
  state            text not null check (state in ('retrying', 'delivered', 'dead', 'replaying')),
  attempts         integer not null check (attempts >= 0),
  -- What the last try came to.
  last_status      integer,
  last_reason      text,
  first_attempt_at timestamptz not null default colloquy.now_utc(),
  last_attempt_at  timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, task_id, subscription_id, seq),
  foreign key (tenant_id, task_id, subscription_id) references colloquy.push_subscriptions on delete cascade
);
create unique index deliveries_by_id on colloquy.deliveries (delivery_id, tenant_id);
create index deliveries_by_age on colloquy.deliveries using brin (last_attempt_at);
-- Dead letters are few among many that arrived.
create index deliveries_dead on colloquy.deliveries (state, tenant_id, task_id, subscription_id, seq) where state = 'dead';
call colloquy.secure_tenant_table('colloquy.deliveries');
grant select, insert, update on colloquy.deliveries to colloquy_app;

-- Housekeeping forgets what was settled long ago, of every tenant, and can see nothing but its age.
grant select (ctid, state, last_attempt_at), delete on colloquy.deliveries to colloquy_worker;
create policy housekeeping on colloquy.deliveries for all to colloquy_worker
  using (state in ('delivered', 'dead') and last_attempt_at < colloquy.now_utc() - interval '1 hour');

-- Which subscriptions have something to tell, of whatever tenant: those whose task's log has grown beyond what they were told, and
-- those with a notification to repeat. The worker itself cannot see tasks that nobody works on.
grant select (tenant_id, task_id, subscription_id, origin, sent_seq, ended, has_replays, is_active, due_at, lease_until)
  on colloquy.push_subscriptions to colloquy_lookup;
create policy lookup on colloquy.push_subscriptions for select to colloquy_lookup using (is_active);
grant select (tenant_id, task_id, last_seq) on colloquy.tasks to colloquy_lookup;
create policy lookup on colloquy.tasks for select to colloquy_lookup using (true);

create function colloquy.find_due_subscriptions(busy_origins text[], busy_tenants uuid[], row_limit integer)
  returns table (tenant_id uuid, task_id uuid, subscription_id uuid, origin text, due_at timestamptz)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select s.tenant_id, s.task_id, s.subscription_id, s.origin, s.due_at
    from colloquy.push_subscriptions s
    join colloquy.tasks t on t.tenant_id = s.tenant_id and t.task_id = s.task_id
    where s.is_active and s.due_at <= colloquy.now_utc()
      and (s.lease_until is null or s.lease_until <= colloquy.now_utc())
      and (s.has_replays or s.ended is null and t.last_seq > s.sent_seq)
      and s.origin <> all (busy_origins) and s.tenant_id <> all (busy_tenants)
    order by s.due_at limit row_limit;
  end;
revoke all on function colloquy.find_due_subscriptions(text[], uuid[], integer) from public;
grant execute on function colloquy.find_due_subscriptions(text[], uuid[], integer) to colloquy_worker;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_due_subscriptions(text[], uuid[], integer) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
