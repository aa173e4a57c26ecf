-- A tenant says that its chains of tasks are to be shorter than the platform allows.

set local role colloquy_owner;

-- Hops below a chain's first task. Without a row: as many as the platform allows.
create table colloquy.delegation_rules (
  tenant_id uuid not null primary key references colloquy.tenants,
  depth_max smallint not null check (depth_max between 1 and 4),
  set_at    timestamptz not null default colloquy.now_utc()
);
call colloquy.secure_tenant_table('colloquy.delegation_rules');
grant select, insert (tenant_id, depth_max), update (depth_max, set_at) on colloquy.delegation_rules to colloquy_app;

reset role;
