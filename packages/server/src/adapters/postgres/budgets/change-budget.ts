import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { BudgetDraft } from '../../../modules/budgets/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const setText = `
  with chosen as (
    insert into colloquy.budgets as b (tenant_id, name, budget_id, scope, subject, limit_microcredits, period, mode, alert_percents,
      burn_rate_factor, changed_by)
    select $1::uuid, $2::text, $11::uuid, $3, $4, $5::bigint, $6, $7, $8::integer[], $9, $12
    where exists (select from colloquy.budgets where tenant_id = $1 and name = $2)
      or (select count(*) from colloquy.budgets where tenant_id = $1) < $10
    on conflict (tenant_id, name) do update set
      budget_id = case when (b.scope, b.subject, b.period) = (excluded.scope, excluded.subject, excluded.period)
        then b.budget_id else excluded.budget_id end,
      scope = excluded.scope, subject = excluded.subject, limit_microcredits = excluded.limit_microcredits, period = excluded.period,
      mode = excluded.mode, alert_percents = excluded.alert_percents, burn_rate_factor = excluded.burn_rate_factor,
      changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
    returning b.budget_id, b.limit_microcredits
  ), versioned as (
    update colloquy.wallets set budgets_version = $11 where tenant_id = $1 and exists (select from chosen)
  ), adjusted as (
    update colloquy.delegation_budgets d
    set left_microcredits = d.left_microcredits + c.limit_microcredits - d.budget_microcredits, budget_microcredits = c.limit_microcredits,
      -- A changed limit is no spending.
      sampled_left = d.sampled_left + c.limit_microcredits - d.budget_microcredits
    from chosen c
    where d.tenant_id = $1 and d.budget_id = c.budget_id and (d.ends_at is null or d.ends_at > colloquy.now_utc())
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $11::uuid, $12, $13, $14, $15, $16, $17::jsonb from chosen
  )
  select from chosen`;

/** Sets a budget, adjusts its current window, gives the tenant's budgets another version, and writes the entry; no row when the tenant has too many. */
export function setBudget(draft: BudgetDraft, entry: NewAuditEntry): Statement {
  const { name, scope, subject, limitMicrocredits, period, mode, alertPercents, burnRateFactor } = draft;
  const values = [name, scope, subject, limitMicrocredits, period, mode, alertPercents, burnRateFactor];
  return {
    name: 'set-budget',
    text: setText,
    values: [uuidOf(entry.tenantId), ...values, limits.budgetsPerTenantMax, ...auditEntryValues(entry)],
  };
}

const unsetText = `
  with gone as (
    delete from colloquy.budgets where tenant_id = $1 and name = $2 returning budget_id
  ), ended as (
    update colloquy.delegation_budgets d set ends_at = colloquy.now_utc()
    from gone g where d.tenant_id = $1 and d.budget_id = g.budget_id and d.ends_at is null
  ), versioned as (
    update colloquy.wallets
    set budgets_version = case when exists (select from colloquy.budgets where tenant_id = $1 and name <> $2) then $3::uuid end
    where tenant_id = $1 and exists (select from gone)
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, $3::uuid, $4, $5, $6, $7, $8, $9::jsonb from gone
  )
  select from gone`;

/** Removes a budget and writes the entry; no row when there was none. */
export function unsetBudget(name: string, entry: NewAuditEntry): Statement {
  return { name: 'unset-budget', text: unsetText, values: [uuidOf(entry.tenantId), name, ...auditEntryValues(entry)] };
}
