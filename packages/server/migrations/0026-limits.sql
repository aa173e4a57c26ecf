-- What tenants, clients and agents may ask for, what was counted of it, and the buckets that all processes share.

set local role colloquy_owner;

create domain colloquy.limit_subject as text check (value in ('tenant', 'client', 'agent'));
create domain colloquy.quota_period as text check (value in ('day', 'month'));

create table colloquy.limits (
  tenant_id           uuid not null references colloquy.tenants,
  subject_kind        colloquy.limit_subject not null,
  -- The id of a principal or the name of an agent, which may be registered anew; empty for the tenant itself.
  subject_id          text collate "C" not null check (char_length(subject_id) <= 200 and (subject_kind = 'tenant') = (subject_id = '')),
  requests_per_second double precision check (requests_per_second between 0.001 and 1000000),
  burst_requests      integer check (burst_requests between 1 and 1000000),
  sends_per_day       bigint check (sends_per_day between 0 and 1000000000000),
  sends_per_month     bigint check (sends_per_month between 0 and 1000000000000),
  changed_by          text not null,
  changed_at          timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, subject_kind, subject_id),
  check (num_nonnulls(requests_per_second, burst_requests, sends_per_day, sends_per_month) > 0)
);
call colloquy.secure_tenant_table('colloquy.limits');
grant select, insert, update, delete on colloquy.limits to colloquy_app;
-- Processes that know the limits of a tenant hear of a change as they hear of a changed route.
create trigger hint_routes after insert or update or delete on colloquy.limits
  for each row execute function colloquy.hint_routes();

create table colloquy.quota_counts (
  tenant_id    uuid not null references colloquy.tenants,
  subject_kind colloquy.limit_subject not null,
  subject_id   text collate "C" not null,
  period       colloquy.quota_period not null,
  -- The first day of the period, in UTC.
  begins_on    date not null,
  sends        bigint not null,
  primary key (tenant_id, subject_kind, subject_id, period, begins_on)
);
call colloquy.secure_tenant_table('colloquy.quota_counts');
grant select, insert, update on colloquy.quota_counts to colloquy_app;
create index quota_counts_by_age on colloquy.quota_counts (begins_on);
grant select (ctid, begins_on), delete on colloquy.quota_counts to colloquy_worker;
create policy housekeeping_read on colloquy.quota_counts for select to colloquy_worker using (true);
create policy housekeeping on colloquy.quota_counts for delete to colloquy_worker
  using (begins_on < (colloquy.now_utc() at time zone 'utc')::date - 31);

-- A bucket has a name that tells nobody whose it is, and nothing else of a tenant. After a crash the table is empty, and every process
-- begins a bucket with what it knew of it; so it needs no place in the log of the database.
create unlogged table colloquy.rate_buckets (
  bucket_key uuid primary key,
  -- Below zero when the processes together took more than there was.
  tokens     double precision not null,
  filled_at  timestamptz not null,
  -- From then on it is as if it had never been.
  full_at    timestamptz not null
) with (fillfactor = 70);
grant select, insert, update on colloquy.rate_buckets to colloquy_app;
grant select (ctid, full_at), delete on colloquy.rate_buckets to colloquy_worker;
reset role;
