-- Credits: integers, double entry. One ledger row is one pair: what leaves an account enters another, so every row sums to zero.

set local role colloquy_owner;

create table colloquy.wallets (
  tenant_id              uuid primary key references colloquy.tenants,
  granted_microcredits   bigint not null default 0,
  available_microcredits bigint not null default 0 check (available_microcredits >= 0),
  reserved_microcredits  bigint not null default 0 check (reserved_microcredits >= 0),
  used_microcredits      bigint not null default 0 check (used_microcredits >= 0),
  check (granted_microcredits = available_microcredits + reserved_microcredits + used_microcredits)
) with (fillfactor = 20);
call colloquy.secure_tenant_table('colloquy.wallets');
grant select, insert, update on colloquy.wallets to colloquy_app;

-- kind      from       to
-- grant     granted    available
-- reserve   available  reserved
-- settle    reserved   used
-- release   reserved   available
-- The key makes a second reserve, settle or release of one reservation impossible. A reservation carries its task's id.
create table colloquy.ledger_entries (
  tenant_id           uuid not null,
  reservation_id      uuid not null,
  kind                text not null check (kind in ('grant', 'reserve', 'settle', 'release')),
  amount_microcredits bigint not null check (amount_microcredits > 0),
  created_at          timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, reservation_id, kind)
);
call colloquy.secure_tenant_table('colloquy.ledger_entries');
grant select, insert on colloquy.ledger_entries to colloquy_app;

-- Folds prices in order into what a purse can pay: a price that does not fit is passed over, later ones may fit.
create function colloquy.spend_within(spent bigint, price bigint, purse bigint) returns bigint
  language plpgsql immutable parallel safe as $body$
begin
  if spent + price <= purse then return spent + price; end if;
  return spent;
end
$body$;
create aggregate colloquy.spent_within(price bigint, purse bigint) (
  sfunc = colloquy.spend_within, stype = bigint, initcond = '0', parallel = safe
);
reset role;
