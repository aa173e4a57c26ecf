import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { AlertStore, CheckedWindow, FoundDrift, NewAlert } from '../../../modules/alerts/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import { outboxKeptMax } from '../event-outbox.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';

/** `workers` finds the tenants; everything else is read and written in their names, by `tenants`. */
export function createAlertStore(workers: DatabasePool, tenants: DatabasePool): AlertStore {
  return {
    async findTenants(after, tenantsMax) {
      const statement = findTenants(after, tenantsMax);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows.map((row) => idOf('tnt', row.tenant_id));
    },
    async readState(ids) {
      const tenantIds = ids.map(uuidOf);
      const statements = [readWindows(tenantIds), readLowWallets(tenantIds), readDrifts(tenantIds), readTime] as const;
      const [windows, low, drifts, time] = await whenAvailable(inTransaction(tenants, { tenantIds }, statements));
      return {
        windows: windows.rows.map(windowOf),
        lowWallets: low.rows.map((row) => ({
          tenantId: idOf('tnt', row.tenant_id),
          availableMicrocredits: row.available,
          lowCreditMicrocredits: row.low,
          grantedMicrocredits: row.granted,
        })),
        drifts: drifts.rows.map((row) => ({
          tenantId: idOf('tnt', row.tenant_id),
          checkedAt: row.checked_at,
          drifts: row.drifts,
        })),
        at: time.rows[0]?.at ?? new Date(0),
      };
    },
    async dropRaised(alerts) {
      if (alerts.length === 0) return [];
      const tenantIds = [...new Set(alerts.map(({ tenantId }) => uuidOf(tenantId)))];
      const statement = findRaised(
        tenantIds,
        alerts.map(({ alertId }) => alertId),
      );
      const [{ rows }] = await whenAvailable(inTransaction(tenants, { tenantIds }, [statement]));
      const raised = new Set(rows.map((row) => row.alert_id.replaceAll('-', '')));
      return alerts.filter(({ alertId }) => !raised.has(alertId));
    },
    async raise(tenantId, alerts) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [{ rows }] = await untilKnown(() => inTransaction(tenants, options, [raiseAlerts(tenantId, alerts)]));
      return rows.map((row) => row.alert_id.replaceAll('-', ''));
    },
    async sample(windows) {
      const tenantIds = [...new Set(windows.map(({ tenantId }) => uuidOf(tenantId)))];
      // Recordings lock the wallet before the windows that they charge.
      const statements = [lockWallets(tenantIds), sampleWindows(tenantIds, windows)] as const;
      await untilKnown(() => inTransaction(tenants, { tenantIds }, statements));
    },
  };
}

const lowest = '00000000-0000-0000-0000-000000000000';

function findTenants(after: TenantId | null, limit: number): Statement<{ readonly tenant_id: string }> {
  return {
    name: 'find-tenants-with-alerts',
    text: 'select tenant_id from colloquy.find_tenants_with_alerts($1::uuid, $2)',
    values: [after === null ? lowest : uuidOf(after), limit],
  };
}

interface WindowRow {
  readonly tenant_id: string;
  readonly window_id: string;
  readonly name: string;
  readonly budget_id: string;
  readonly scope: CheckedWindow['budget']['scope'];
  readonly subject: string;
  readonly period: CheckedWindow['budget']['period'];
  readonly mode: CheckedWindow['budget']['mode'];
  readonly alert_percents: readonly number[];
  readonly burn_rate_factor: number | null;
  readonly limit: bigint;
  readonly left: bigint;
  readonly starts_at: Date;
  readonly ends_at: Date | null;
  readonly sampled_at: Date | null;
  readonly sampled_left: bigint | null;
}

function windowOf(row: WindowRow): CheckedWindow {
  const { sampled_at: at, sampled_left: leftMicrocredits } = row;
  return {
    tenantId: idOf('tnt', row.tenant_id),
    windowId: row.window_id.replaceAll('-', ''),
    budget: {
      name: row.name,
      budgetId: row.budget_id.replaceAll('-', ''),
      scope: row.scope,
      subject: row.subject,
      period: row.period,
      mode: row.mode,
      alertPercents: row.alert_percents,
      burnRateFactor: row.burn_rate_factor,
    },
    limitMicrocredits: row.limit,
    leftMicrocredits: row.left,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    sample: at === null || leftMicrocredits === null ? null : { at, leftMicrocredits },
  };
}

function readWindows(tenantIds: readonly string[]): Statement<WindowRow> {
  return { name: 'read-windows-to-check', text: windowsText, values: [tenantIds, limits.alertWindowEndedMs] };
}

const windowsText = `
  select b.tenant_id, d.task_id as window_id, b.name, b.budget_id, b.scope, b.subject, b.period, b.mode, b.alert_percents, b.burn_rate_factor,
    d.budget_microcredits as limit, d.left_microcredits as left, d.starts_at, d.ends_at, d.sampled_at, d.sampled_left
  from colloquy.budgets b
  join colloquy.delegation_budgets d on d.tenant_id = b.tenant_id and d.budget_id = b.budget_id
    and (d.ends_at is null or d.ends_at > colloquy.now_utc() - $2::float8 * interval '1 millisecond')
  where b.tenant_id = any ($1::uuid[])`;

interface LowRow {
  readonly tenant_id: string;
  readonly available: bigint;
  readonly low: bigint;
  readonly granted: bigint;
}

function readLowWallets(tenantIds: readonly string[]): Statement<LowRow> {
  return { name: 'read-low-wallets', text: lowText, values: [tenantIds] };
}

const lowText = `
  select s.tenant_id, coalesce(w.available_microcredits, 0) as available, s.low_credit_microcredits as low,
    coalesce(w.granted_microcredits, 0) as granted
  from colloquy.credit_settings s left join colloquy.wallets w on w.tenant_id = s.tenant_id
  where s.tenant_id = any ($1::uuid[]) and coalesce(w.available_microcredits, 0) < s.low_credit_microcredits`;

interface DriftRow {
  readonly tenant_id: string;
  readonly checked_at: Date;
  readonly drifts: FoundDrift['drifts'];
}

function readDrifts(tenantIds: readonly string[]): Statement<DriftRow> {
  return {
    name: 'read-drifts',
    text: `
      select tenant_id, checked_at, drifts from colloquy.credit_reconciliations
      where tenant_id = any ($1::uuid[]) and drifts <> '[]'`,
    values: [tenantIds],
  };
}

const readTime: Statement<{ readonly at: Date }> = {
  name: 'read-time-of-check',
  text: 'select colloquy.now_utc() as at',
  values: [],
};

function findRaised(
  tenantIds: readonly string[],
  alertIds: readonly string[],
): Statement<{ readonly alert_id: string }> {
  return {
    name: 'find-raised-alerts',
    text: `
      select alert_id from colloquy.credit_alerts where tenant_id = any ($1::uuid[]) and alert_id = any ($2::uuid[])`,
    values: [tenantIds, alertIds],
  };
}

function raiseAlerts(tenantId: TenantId, alerts: readonly NewAlert[]): Statement<{ readonly alert_id: string }> {
  const given = alerts.map(({ alert, entry, event }) => ({
    alert_id: alert.alertId,
    kind: alert.kind,
    budget_name: alert.budgetName,
    facts: alert.facts,
    entry: auditEntryValues(entry),
    event,
  }));
  return { name: 'raise-alerts', text: raiseText, values: [uuidOf(tenantId), JSON.stringify(given), outboxKeptMax] };
}

// An alert that another transaction raises at the same time is waited for, and then left to it with its entry and event.
const raiseText = `
  with given as materialized (
    select g.*, n from jsonb_array_elements($2::jsonb) with ordinality as x (item, n),
      jsonb_to_record(x.item) as g (alert_id uuid, kind text, budget_name text, facts jsonb, entry jsonb, event jsonb)
  ), raised as (
    insert into colloquy.credit_alerts (tenant_id, alert_id, kind, budget_name, facts)
    select $1::uuid, alert_id, kind, budget_name, facts from given order by alert_id
    on conflict (tenant_id, alert_id) do nothing
    returning alert_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1::uuid, (g.entry ->> 0)::uuid, g.entry ->> 1, g.entry ->> 2, g.entry ->> 3, g.entry ->> 4, g.entry ->> 5, (g.entry ->> 6)::jsonb
    from given g join raised r on r.alert_id = g.alert_id
  ), appended as materialized (
    select colloquy.append_to_outbox($1::uuid, e.events, $3::bigint) as appended
    from (select jsonb_agg(g.event order by g.n) as events from given g join raised r on r.alert_id = g.alert_id where g.event is not null) e
    where e.events is not null
  )
  select r.alert_id, a.appended from raised r left join appended a on true`;

function sampleWindows(tenantIds: readonly string[], windows: readonly CheckedWindow[]): Statement {
  return {
    name: 'sample-budget-windows',
    text: `
      update colloquy.delegation_budgets d set sampled_at = colloquy.now_utc(), sampled_left = d.left_microcredits
      where d.tenant_id = any ($1::uuid[]) and d.task_id = any ($2::uuid[])
        and (d.sampled_at is null or d.sampled_at <= colloquy.now_utc() - $3::float8 * interval '1 millisecond')`,
    values: [tenantIds, windows.map(({ windowId }) => windowId), limits.burnRateMs],
  };
}
