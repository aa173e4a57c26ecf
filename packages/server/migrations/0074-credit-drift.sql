-- How far wallets are off their ledgers, so that every worker exposes it for all tenants as a metric.

set local role colloquy_owner;

-- The sum of the differences that the last reconciliation found, without their signs.
alter table colloquy.credit_reconciliations add column drift_microcredits numeric not null default 0 check (drift_microcredits >= 0);
grant select (drift_microcredits) on colloquy.credit_reconciliations to colloquy_worker;

reset role;
