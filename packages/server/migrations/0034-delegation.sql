-- Chains of tasks that were sent for other tasks, and what such a chain may spend.

set local role colloquy_owner;

alter table colloquy.tasks
  -- Root, parent, depth, names of the agents on the way. Null for a task that nobody delegated and that has no budget.
  add column chain jsonb,
  -- The tasks whose budgets pay for this one; itself among them when it has one.
  add column budget_ids uuid[];

create table colloquy.delegation_budgets (
  tenant_id           uuid not null,
  -- The task that the budget was given to: it pays for that task and for all that are sent for it.
  task_id             uuid not null,
  budget_microcredits bigint not null check (budget_microcredits >= 0),
  left_microcredits   bigint not null check (left_microcredits between 0 and budget_microcredits),
  primary key (tenant_id, task_id)
);
call colloquy.secure_tenant_table('colloquy.delegation_budgets');
grant select, insert on colloquy.delegation_budgets to colloquy_app;
grant update (left_microcredits) on colloquy.delegation_budgets to colloquy_app;

reset role;
