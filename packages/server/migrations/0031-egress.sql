-- Addresses that are private and that the platform may call for one tenant all the same, because an operator said so; and the
-- generations of the secrets that receivers of push notifications check signatures with.

set local role colloquy_owner;
create table colloquy.egress_allowances (
  tenant_id  uuid not null references colloquy.tenants,
  -- A range such as 10.1.0.0/16, or the name of a host.
  target     text not null check (char_length(target) between 1 and 255),
  kind       text not null check (kind in ('range', 'host')),
  allowed_by text not null,
  created_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, target)
);
call colloquy.secure_tenant_table('colloquy.egress_allowances');
grant select, insert, delete on colloquy.egress_allowances to colloquy_app;
create trigger hint_routes after insert or delete on colloquy.egress_allowances
  for each row execute function colloquy.hint_routes();

-- Which secret of the subscription signs. Until the time below, the one before signs beside it.
alter table colloquy.push_subscriptions
  add column secret_generation integer not null default 0 check (secret_generation >= 0),
  add column former_secret_until timestamptz;
reset role;
