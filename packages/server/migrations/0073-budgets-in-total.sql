-- A budget in total has no burn rate; the check before refused every such budget. The window of a budget that was removed ends.

set local role colloquy_owner;

alter table colloquy.budgets
  drop constraint budgets_check1,
  add constraint budgets_burn_rate check (burn_rate_factor is null or burn_rate_factor between 1 and 1000 and period <> 'total');
grant update (ends_at) on colloquy.delegation_budgets to colloquy_app;

reset role;
