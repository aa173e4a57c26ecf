-- The planner must expect one tenant to hold every row. The policy offers it `tenant_id = any (list)` as a way into each index; with
-- statistics from a time when each tenant had a row or two, it would read all rows of the batch's tenants and join them to the batch,
-- instead of looking each row up by its key.

set local role colloquy_owner;
alter table colloquy.tasks alter column tenant_id set (n_distinct = 1);
alter table colloquy.task_events alter column tenant_id set (n_distinct = 1);
alter table colloquy.idempotency_keys alter column tenant_id set (n_distinct = 1);
alter table colloquy.ledger_entries alter column tenant_id set (n_distinct = 1);
alter table colloquy.audit_entries alter column tenant_id set (n_distinct = 1);
alter table colloquy.agents alter column tenant_id set (n_distinct = 1);
reset role;
