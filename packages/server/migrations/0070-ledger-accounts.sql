-- Accounts for expired credits and for overage, grants that expire, settings of a tenant's credits, and what the reconciler found.

set local role colloquy_owner;

-- kind          from       to         reservation_id
-- expire        reserved   available  task
-- charge        available  used       task
-- overage       overage    used       task
-- repay         available  overage    grant or transfer
-- lapse         available  expired    grant
-- transfer-out  available  granted    transfer
-- transfer-in   granted    available  transfer
-- Not validated: the rule before allows less, and a validation would read the whole ledger under a lock.
alter domain colloquy.ledger_kind drop constraint ledger_kind_check;
alter domain colloquy.ledger_kind add constraint ledger_kind_check check (value in ('grant', 'reserve', 'settle', 'release', 'expire',
  'charge', 'overage', 'repay', 'lapse', 'transfer-out', 'transfer-in')) not valid;

alter table colloquy.wallets
  add column expired_microcredits bigint not null default 0,
  -- What the tenant owes: used beyond what it was granted.
  add column overage_microcredits bigint not null default 0,
  -- What was available when the rests of the grants with an expiry were last computed.
  add column checked_available_microcredits bigint not null default 0,
  drop constraint wallets_balanced,
  add constraint wallets_balanced check (
    granted_microcredits + overage_microcredits = available_microcredits + reserved_microcredits + used_microcredits + expired_microcredits
    and least(granted_microcredits, available_microcredits, reserved_microcredits, used_microcredits, expired_microcredits,
      overage_microcredits) >= 0
  );
-- The reconciler of every process finds the tenants; the amounts stay with the tenant.
grant select (tenant_id) on colloquy.wallets to colloquy_worker;
create policy reconciling on colloquy.wallets for select to colloquy_worker using (true);

-- Grants with an expiry; all others have their ledger entry alone.
create table colloquy.credit_grants (
  tenant_id           uuid not null references colloquy.tenants,
  grant_id            uuid not null,
  amount_microcredits bigint not null check (amount_microcredits > 0),
  -- As of the last grant, transfer or expiry of the tenant: tasks do not touch it.
  left_microcredits   bigint not null check (left_microcredits between 0 and amount_microcredits),
  expires_at          timestamptz not null,
  lapsed_at           timestamptz,
  primary key (tenant_id, grant_id)
);
call colloquy.secure_tenant_table('colloquy.credit_grants');
grant select, insert on colloquy.credit_grants to colloquy_app;
grant update (left_microcredits, lapsed_at) on colloquy.credit_grants to colloquy_app;
create index credit_grants_due on colloquy.credit_grants (expires_at) where lapsed_at is null;
grant select (tenant_id, expires_at, lapsed_at) on colloquy.credit_grants to colloquy_worker;
create policy lapsing on colloquy.credit_grants for select to colloquy_worker using (lapsed_at is null);

-- A tenant without a row has the defaults.
create table colloquy.credit_settings (
  tenant_id                  uuid primary key references colloquy.tenants,
  -- cap: a task never costs more than was reserved for it. debit: the rest is charged, and owed when the wallet is empty.
  overage_policy             text not null default 'cap' check (overage_policy in ('cap', 'debit')),
  -- The most that the tenant may owe.
  overage_max_microcredits   bigint not null default 0 check (overage_max_microcredits between 0 and 9000000000000000),
  -- Reserved in place of a price, or a part of it, that cannot be computed.
  unknown_price_microcredits bigint not null default 1000000 check (unknown_price_microcredits between 1 and 9000000000000000),
  -- An alert is raised when less is available. Null: none.
  low_credit_microcredits    bigint check (low_credit_microcredits between 1 and 9000000000000000),
  changed_by                 text not null,
  changed_at                 timestamptz not null default colloquy.now_utc()
);
call colloquy.secure_tenant_table('colloquy.credit_settings');
grant select, insert, update on colloquy.credit_settings to colloquy_app;
create trigger hint_routes after insert or update or delete on colloquy.credit_settings
  for each row execute function colloquy.hint_routes();

-- Sums of the ledger up to midnight UTC, so that a statement and the reconciler do not read what is older.
create table colloquy.credit_checkpoints (
  tenant_id uuid not null references colloquy.tenants,
  -- Entries before this time are in the sums.
  until     timestamptz not null,
  -- {kind: [number of entries, micro-credits]}
  totals    jsonb not null,
  primary key (tenant_id, until)
);
call colloquy.secure_tenant_table('colloquy.credit_checkpoints');
grant select, insert, delete on colloquy.credit_checkpoints to colloquy_app;

-- What the reconciler found of each tenant when it last compared wallet, ledger, open tasks and grants.
create table colloquy.credit_reconciliations (
  tenant_id  uuid primary key references colloquy.tenants,
  checked_at timestamptz not null,
  -- [{of, expected, found}], amounts as texts; empty when everything agrees.
  drifts     jsonb not null
);
call colloquy.secure_tenant_table('colloquy.credit_reconciliations');
grant select, insert, update on colloquy.credit_reconciliations to colloquy_app;
grant select (tenant_id, checked_at) on colloquy.credit_reconciliations to colloquy_worker;
create policy reconciling on colloquy.credit_reconciliations for select to colloquy_worker using (true);

reset role;
