-- Audit entries can not be changed by anybody, and a sealer chains them: what it has sealed shows every later touch.

do $roles$
begin
  if not exists (select from pg_roles where rolname = 'colloquy_sealer') then
    begin
      create role colloquy_sealer nologin noinherit;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not pg_has_role(current_user, 'colloquy_sealer', 'member') then
    execute format('grant colloquy_sealer to %I', current_user);
  end if;
end
$roles$;
grant usage on schema colloquy to colloquy_sealer;

set local role colloquy_owner;

-- The transaction that wrote the entry, by which the sealer knows that no entry before it can still appear. Entries from before this
-- column read 0; they are all committed.
alter table colloquy.audit_entries add column written_in xid8 not null default '0';
alter table colloquy.audit_entries alter column written_in set default pg_current_xact_id();
create index audit_entries_by_writer on colloquy.audit_entries (written_in, entry_id);

-- Nobody who writes entries may say when or in which transaction.
revoke insert on colloquy.audit_entries from colloquy_app;
grant insert (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts) on colloquy.audit_entries to colloquy_app;

create function colloquy.refuse_change() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $body$
begin
  raise exception '% of % is refused: it is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$body$;
revoke all on function colloquy.refuse_change() from public;

-- For the owner and for superusers too: whoever means it has to switch the trigger off by name.
create trigger append_only before update or delete or truncate on colloquy.audit_entries
  for each statement execute function colloquy.refuse_change();

-- One row for each sealed entry. What it can be searched by is repeated here, so that the table that sends write to needs no more indexes.
create table colloquy.audit_chain (
  tenant_id   uuid not null,
  -- 1, 2, 3 … without a gap.
  seq         bigint not null check (seq >= 1),
  entry_id    uuid not null,
  occurred_at timestamptz not null,
  actor_id    text not null,
  resource    text not null,
  -- SHA-256(0x00, canonical record, hash before).
  hash        bytea not null check (length(hash) = 32),
  -- Keyed digests of a task's content; part of the record.
  digests     jsonb,
  sealed_at   timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, seq),
  unique (entry_id, tenant_id)
);
create index audit_chain_by_time on colloquy.audit_chain (tenant_id, occurred_at, seq);
create index audit_chain_by_actor on colloquy.audit_chain (actor_id, tenant_id, occurred_at, seq);
create index audit_chain_by_resource on colloquy.audit_chain (resource, tenant_id, occurred_at, seq);
call colloquy.secure_tenant_table('colloquy.audit_chain');
create trigger append_only before update or delete or truncate on colloquy.audit_chain
  for each statement execute function colloquy.refuse_change();

-- Where each tenant's chain ends, and as much of its Merkle tree as the next leaf needs.
create table colloquy.audit_chains (
  tenant_id       uuid not null primary key,
  last_seq        bigint not null check (last_seq >= 1),
  head            bytea not null check (length(head) = 32),
  -- Roots of the complete subtrees, the largest first, 32 bytes each.
  peaks           bytea not null check (length(peaks) % 32 = 0),
  checkpoint_seq  bigint not null default 0,
  checkpointed_at timestamptz
) with (fillfactor = 50);
call colloquy.secure_tenant_table('colloquy.audit_chains');

-- Roots of complete subtrees of 2^8, 2^16, 2^24 … leaves, so that a proof reads few rows of a long chain.
create table colloquy.audit_nodes (
  tenant_id uuid not null,
  level     smallint not null check (level > 0 and level % 8 = 0),
  position  bigint not null check (position >= 0),
  hash      bytea not null check (length(hash) = 32),
  primary key (tenant_id, level, position)
);
call colloquy.secure_tenant_table('colloquy.audit_nodes');
create trigger append_only before update or delete or truncate on colloquy.audit_nodes
  for each statement execute function colloquy.refuse_change();

-- What was signed, as it was also written outside of the database.
create table colloquy.audit_checkpoints (
  tenant_id  uuid not null,
  size       bigint not null check (size >= 1),
  line       text not null check (char_length(line) <= 2048),
  created_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, size)
);
call colloquy.secure_tenant_table('colloquy.audit_checkpoints');
create trigger append_only before update or delete or truncate on colloquy.audit_checkpoints
  for each statement execute function colloquy.refuse_change();

-- Who seals, and how far it came. One row: every sealing moves its place, so two sealers can not both have sealed.
create table colloquy.audit_sealer (
  only_row    boolean primary key default true check (only_row),
  holder_id   uuid,
  -- Grows with each new holder, and fences the one before.
  term        bigint not null default 0,
  held_until  timestamptz not null default '-infinity',
  -- The last entry that was looked at: its transaction and its id.
  place_in    xid8 not null default '0',
  place_entry uuid not null default '00000000-0000-0000-0000-000000000000',
  -- The cluster whose transactions are counted; in another one, as after a restore from a dump, the place means nothing.
  cluster_id  bigint not null default 0
) with (fillfactor = 50);
insert into colloquy.audit_sealer default values;

grant select on colloquy.audit_chain, colloquy.audit_chains, colloquy.audit_nodes, colloquy.audit_checkpoints to colloquy_app;

-- The sealer reads what was done, of every tenant, and adds to the chains. It can take nothing away.
grant select on colloquy.audit_entries to colloquy_sealer;
create policy sealing on colloquy.audit_entries for select to colloquy_sealer using (true);
grant select (tenant_id, seq, entry_id), insert (tenant_id, seq, entry_id, occurred_at, actor_id, resource, hash, digests)
  on colloquy.audit_chain to colloquy_sealer;
create policy sealing_read on colloquy.audit_chain for select to colloquy_sealer using (true);
create policy sealing on colloquy.audit_chain for insert to colloquy_sealer with check (true);
grant select, insert, update (last_seq, head, peaks, checkpoint_seq, checkpointed_at) on colloquy.audit_chains to colloquy_sealer;
create policy sealing on colloquy.audit_chains for all to colloquy_sealer using (true) with check (true);
grant insert (tenant_id, level, position, hash) on colloquy.audit_nodes to colloquy_sealer;
create policy sealing on colloquy.audit_nodes for insert to colloquy_sealer with check (true);
grant select (tenant_id, size), insert (tenant_id, size, line) on colloquy.audit_checkpoints to colloquy_sealer;
create policy sealing_read on colloquy.audit_checkpoints for select to colloquy_sealer using (true);
create policy sealing on colloquy.audit_checkpoints for insert to colloquy_sealer with check (true);
grant select, update (holder_id, term, held_until, place_in, place_entry, cluster_id) on colloquy.audit_sealer to colloquy_sealer;

-- What a task was given and what it answered, as SHA-256 over its log: the sealer learns no content.
grant select (tenant_id, task_id, seq, kind, payload) on colloquy.task_events to colloquy_lookup;
create policy lookup on colloquy.task_events for select to colloquy_lookup using (true);

create function colloquy.digest_tasks(wanted_tenants uuid[], wanted_tasks uuid[])
  returns table (task_id uuid, input_digest bytea, output_digest bytea)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select w.task_id, e.input_digest, e.output_digest
    from unnest(wanted_tenants, wanted_tasks) as w (tenant_id, task_id)
    cross join lateral (
      select
        sha256(convert_to(string_agg(t.payload, chr(30) order by t.seq) filter (where t.kind in ('task', 'turn')), 'UTF8')) as input_digest,
        sha256(convert_to(string_agg(t.payload, chr(30) order by t.seq) filter (where t.kind not in ('task', 'turn')), 'UTF8')) as output_digest
      from colloquy.task_events t where t.tenant_id = w.tenant_id and t.task_id = w.task_id
    ) e;
  end;
revoke all on function colloquy.digest_tasks(uuid[], uuid[]) from public;
grant execute on function colloquy.digest_tasks(uuid[], uuid[]) to colloquy_sealer;

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.digest_tasks(uuid[], uuid[]) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
