-- No duty raises alerts about credits yet, so workers need no rights on the tables of budgets and of alerts.

set local role colloquy_owner;

drop policy alerting on colloquy.budgets;
drop policy alerting_read on colloquy.delegation_budgets;
drop policy alerting on colloquy.delegation_budgets;
drop policy housekeeping on colloquy.delegation_budgets;
drop policy alerting on colloquy.credit_alerts;
drop policy housekeeping on colloquy.credit_alerts;
revoke all on colloquy.budgets, colloquy.delegation_budgets, colloquy.credit_alerts from colloquy_worker;

reset role;
