-- Audit entries that were signed over, exported and kept for as long as their tenant wants can be taken away. The chain goes on behind the
-- checkpoint that was signed over them; hashes of the tree's subtrees stay, so that later entries are still proven.

do $roles$
begin
  if not exists (select from pg_roles where rolname = 'colloquy_pruner') then
    begin
      create role colloquy_pruner nologin noinherit;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not pg_has_role(current_user, 'colloquy_pruner', 'member') then
    execute format('grant colloquy_pruner to %I', current_user);
  end if;
end
$roles$;
grant usage on schema colloquy to colloquy_pruner;

set local role colloquy_owner;

-- How long a tenant keeps its entries at least. Without a row: for ever.
create table colloquy.audit_retentions (
  tenant_id uuid not null primary key,
  keep_days integer not null check (keep_days between 30 and 3650),
  set_at    timestamptz not null default colloquy.now_utc()
);
call colloquy.secure_tenant_table('colloquy.audit_retentions');
grant select, insert (tenant_id, keep_days), update (keep_days, set_at) on colloquy.audit_retentions to colloquy_app;

-- Entries up to this place were taken away, or are being; a checkpoint of exactly this size was signed.
alter table colloquy.audit_chains add column pruned_seq bigint not null default 0 check (pruned_seq between 0 and checkpoint_seq);

-- Only who prunes takes away, and it sees to what it takes away itself.
create or replace function colloquy.refuse_change() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $body$
begin
  if tg_op = 'DELETE' and current_user = 'colloquy_pruner' and tg_table_name in ('audit_entries', 'audit_chain') then
    return null;
  end if;
  raise exception '% of % is refused: it is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$body$;

grant select (tenant_id, keep_days) on colloquy.audit_retentions to colloquy_pruner;
create policy pruning on colloquy.audit_retentions for select to colloquy_pruner using (true);
grant select (tenant_id, size, created_at) on colloquy.audit_checkpoints to colloquy_pruner;
create policy pruning on colloquy.audit_checkpoints for select to colloquy_pruner using (true);
grant select, update (pruned_seq) on colloquy.audit_chains to colloquy_pruner;
create policy pruning on colloquy.audit_chains for all to colloquy_pruner using (true) with check (true);
grant select (tenant_id, seq, entry_id, hash), delete on colloquy.audit_chain to colloquy_pruner;
create policy pruning_read on colloquy.audit_chain for select to colloquy_pruner using (true);
create policy pruning on colloquy.audit_chain for delete to colloquy_pruner using (
  exists (select from colloquy.audit_chains c where c.tenant_id = audit_chain.tenant_id and audit_chain.seq <= c.pruned_seq)
);
grant select (tenant_id, entry_id), delete on colloquy.audit_entries to colloquy_pruner;
create policy pruning_read on colloquy.audit_entries for select to colloquy_pruner using (true);
create policy pruning on colloquy.audit_entries for delete to colloquy_pruner using (
  exists (
    select from colloquy.audit_chain p join colloquy.audit_chains c on c.tenant_id = p.tenant_id
    where p.tenant_id = audit_entries.tenant_id and p.entry_id = audit_entries.entry_id and p.seq <= c.pruned_seq
  )
);

-- Takes away what may go, in portions: `pruned` entries this time. Whoever asks shows by the hash of the last entry that it has exported
-- that it has it. Leaves of an unfinished subtree of 256 stay, because proofs of later entries need them.
create function colloquy.prune_audit(wanted_tenant uuid, exported_seq bigint, exported_hash bytea, entries_max integer)
  returns table (is_exported boolean, pruned_through bigint, pruned bigint, is_done boolean)
  language plpgsql volatile security definer set search_path = colloquy, pg_temp as $body$
declare
  through bigint;
  first bigint;
  last bigint;
  gone bigint := 0;
begin
  select c.pruned_seq into through from colloquy.audit_chains c where c.tenant_id = wanted_tenant for update;
  if through is null then
    return query select false, 0::bigint, 0::bigint, true;
    return;
  end if;
  if exported_seq > through then
    if not exists (
      select from colloquy.audit_chain p where p.tenant_id = wanted_tenant and p.seq = exported_seq and p.hash = exported_hash
    ) then
      return query select false, through, 0::bigint, true;
      return;
    end if;
    select greatest(through, max(k.size)) into through
    from colloquy.audit_retentions r
    join colloquy.audit_checkpoints k on k.tenant_id = r.tenant_id
    where r.tenant_id = wanted_tenant and k.size <= exported_seq
      and k.created_at <= colloquy.now_utc() - r.keep_days * interval '1 day';
    select coalesce(through, c.pruned_seq) into through from colloquy.audit_chains c where c.tenant_id = wanted_tenant;
    update colloquy.audit_chains c set pruned_seq = through where c.tenant_id = wanted_tenant and c.pruned_seq < through;
  end if;
  select min(p.seq) into first from colloquy.audit_chain p where p.tenant_id = wanted_tenant;
  last := least(through, first + entries_max - 1);
  delete from colloquy.audit_entries e using colloquy.audit_chain p
  where p.tenant_id = wanted_tenant and p.seq between first and last
    and e.tenant_id = wanted_tenant and e.entry_id = p.entry_id;
  get diagnostics gone = row_count;
  delete from colloquy.audit_chain p
  where p.tenant_id = wanted_tenant and p.seq between first and least(last, through - through % 256);
  return query select true, through, gone, last >= through;
end
$body$;
revoke all on function colloquy.prune_audit(uuid, bigint, bytea, integer) from public;
grant execute on function colloquy.prune_audit(uuid, bigint, bytea, integer) to colloquy_app;

reset role;
grant create on schema colloquy to colloquy_pruner;
alter function colloquy.prune_audit(uuid, bigint, bytea, integer) owner to colloquy_pruner;
revoke create on schema colloquy from colloquy_pruner;
