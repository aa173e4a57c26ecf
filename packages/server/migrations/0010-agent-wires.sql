-- Agents may be called by any binding of A2A, and callers of A2A 0.1 name their own tasks.

set local role colloquy_owner;

alter table colloquy.agent_instances drop constraint agent_instances_binding_check;
alter table colloquy.agent_instances add constraint agent_instances_binding_check
  check (binding in ('JSONRPC', 'HTTP+JSON', 'GRPC'));

create table colloquy.task_aliases (
  tenant_id  uuid not null,
  -- 128 bits of SHA-256 over principal, agent, and the id that the caller chose.
  alias_hash uuid not null,
  task_id    uuid not null,
  created_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, alias_hash)
);
call colloquy.secure_tenant_table('colloquy.task_aliases');
grant select, insert on colloquy.task_aliases to colloquy_app;

reset role;
