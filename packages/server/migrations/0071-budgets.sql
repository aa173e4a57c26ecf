-- Budgets: what a tenant, an agent, a skill, a client, a department or a cost center may spend in a period, and the alerts about credits.

set local role colloquy_owner;

create table colloquy.budgets (
  tenant_id          uuid not null references colloquy.tenants,
  name               text collate "C" not null check (char_length(name) between 1 and 63),
  -- Another one when scope, subject or period change: the budget then counts anew.
  budget_id          uuid not null,
  scope              text not null check (scope in ('tenant', 'agent', 'skill', 'client', 'department', 'cost-center')),
  -- An agent's name, `agent/skill`, the id of a principal, a department or a cost center; empty for the tenant itself.
  subject            text collate "C" not null check (char_length(subject) <= 300 and (scope = 'tenant') = (subject = '')),
  limit_microcredits bigint not null check (limit_microcredits between 0 and 9000000000000000),
  -- Days and months of UTC.
  period             text not null check (period in ('day', 'month', 'total')),
  -- A soft budget is charged and raises alerts, but refuses nothing.
  mode               text not null check (mode in ('hard', 'soft')),
  alert_percents     integer[] not null check (cardinality(alert_percents) <= 10),
  -- An alert is raised when credits are spent this many times faster than evenly over the period. Null: none.
  burn_rate_factor   double precision check (burn_rate_factor between 1 and 1000 and period <> 'total'),
  changed_by         text not null,
  changed_at         timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, name)
);
call colloquy.secure_tenant_table('colloquy.budgets');
grant select, insert, update, delete on colloquy.budgets to colloquy_app;
create trigger hint_routes after insert or update or delete on colloquy.budgets
  for each row execute function colloquy.hint_routes();

-- Changes with every change of a budget of the tenant; null while it has none. A send that was prepared with another version is prepared anew.
alter table colloquy.wallets add column budgets_version uuid;

-- A budget's window is a row like that of a delegation chain: tasks name it among those that pay for them, and what they release goes back to it.
alter table colloquy.delegation_budgets
  -- Null for the budget of a delegation chain. Otherwise `task_id` is derived from the budget and the start of the window.
  add column budget_id    uuid,
  add column starts_at    timestamptz,
  -- Null: the window of a budget in total never ends.
  add column ends_at      timestamptz,
  -- What was left when the burn rate was last measured.
  add column sampled_at   timestamptz,
  add column sampled_left bigint,
  -- Tasks that cost more than was reserved, and soft budgets, may leave less than nothing.
  drop constraint if exists delegation_budgets_check,
  -- Not validated: the rule before allows less, and every row would be read under a lock.
  add constraint delegation_budgets_check check (left_microcredits <= budget_microcredits) not valid;
grant update (budget_microcredits) on colloquy.delegation_budgets to colloquy_app;
create index delegation_budgets_by_budget on colloquy.delegation_budgets (budget_id, starts_at) where budget_id is not null;

create table colloquy.credit_alerts (
  tenant_id    uuid not null references colloquy.tenants,
  -- Derived from what it is about, so that each alert is raised once.
  alert_id     uuid not null,
  kind         text not null check (kind in ('budget-threshold', 'burn-rate', 'low-credit')),
  -- The budget as it was; null for an alert about the wallet.
  budget_name  text collate "C",
  -- Thresholds, amounts and the window, as integers and texts.
  facts        jsonb not null,
  raised_at    timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, alert_id)
);
call colloquy.secure_tenant_table('colloquy.credit_alerts');
grant select, insert on colloquy.credit_alerts to colloquy_app;
create index credit_alerts_by_time on colloquy.credit_alerts (tenant_id, raised_at, alert_id);

-- A worker finds which alerts are due, over all tenants, and raises each in the name of its tenant.
grant select (tenant_id, name, budget_id, period, limit_microcredits, alert_percents, burn_rate_factor, scope, subject, mode)
  on colloquy.budgets to colloquy_worker;
create policy alerting on colloquy.budgets for select to colloquy_worker using (true);
grant select (ctid, tenant_id, task_id, budget_id, starts_at, ends_at, budget_microcredits, left_microcredits, sampled_at, sampled_left),
  update (sampled_at, sampled_left), delete on colloquy.delegation_budgets to colloquy_worker;
create policy alerting_read on colloquy.delegation_budgets for select to colloquy_worker using (budget_id is not null);
create policy alerting on colloquy.delegation_budgets for update to colloquy_worker
  using (budget_id is not null) with check (budget_id is not null);
create policy housekeeping on colloquy.delegation_budgets for delete to colloquy_worker
  using (ends_at < colloquy.now_utc() - interval '400 days');
grant select (ctid, tenant_id, alert_id, raised_at), delete on colloquy.credit_alerts to colloquy_worker;
create policy alerting on colloquy.credit_alerts for select to colloquy_worker using (true);
create policy housekeeping on colloquy.credit_alerts for delete to colloquy_worker
  using (raised_at < colloquy.now_utc() - interval '400 days');

-- Which department and cost center a client works for. They win over those of the agent where usage is shown.
alter table colloquy.oauth_clients
  add column department  text check (char_length(department) between 1 and 200),
  add column cost_center text check (char_length(cost_center) between 1 and 200);
alter table colloquy.api_keys
  add column department  text check (char_length(department) between 1 and 200),
  add column cost_center text check (char_length(cost_center) between 1 and 200);
grant update (department, cost_center) on colloquy.oauth_clients to colloquy_app;
grant update (department, cost_center) on colloquy.api_keys to colloquy_app;

reset role;
