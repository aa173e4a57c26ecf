-- Who did what to which resource, with which outcome. Append-only: nobody but the owner may change or remove a row.

set local role colloquy_owner;

create table colloquy.audit_entries (
  tenant_id   uuid not null,
  entry_id    uuid not null,
  occurred_at timestamptz not null default colloquy.now_utc(),
  actor_id    text not null,
  action      text not null,
  outcome     text not null check (outcome in ('succeeded', 'failed', 'refused')),
  resource    text not null,
  request_id  text not null,
  -- Small, safe facts: error code, credits, agent.
  facts       jsonb not null,
  primary key (tenant_id, entry_id)
);
call colloquy.secure_tenant_table('colloquy.audit_entries');
grant select, insert on colloquy.audit_entries to colloquy_app;
reset role;
