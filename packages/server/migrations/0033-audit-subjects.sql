-- Personal facts of audit entries are sealed under a key of whom they are about. Taking that key away makes them unreadable for ever,
-- and the chain over them still holds.

set local role colloquy_owner;

create table colloquy.audit_subjects (
  tenant_id  uuid not null,
  -- The principal's id, or whatever else names somebody without saying who it is.
  subject_id text not null check (char_length(subject_id) between 1 and 300),
  -- Sealed like every secret; null: taken away.
  key_sealed bytea,
  created_at timestamptz not null default colloquy.now_utc(),
  erased_at  timestamptz,
  primary key (tenant_id, subject_id),
  check ((key_sealed is null) = (erased_at is not null))
);
call colloquy.secure_tenant_table('colloquy.audit_subjects');
grant select, insert (tenant_id, subject_id, key_sealed, erased_at), update (key_sealed, erased_at) on colloquy.audit_subjects to colloquy_app;

-- A key that was taken away never comes back.
create function colloquy.refuse_return() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $body$
begin
  raise exception 'an erased subject of audit entries stays erased' using errcode = 'insufficient_privilege';
end
$body$;
revoke all on function colloquy.refuse_return() from public;
create trigger erased_for_ever before update or delete on colloquy.audit_subjects
  for each row when (old.erased_at is not null) execute function colloquy.refuse_return();

reset role;
