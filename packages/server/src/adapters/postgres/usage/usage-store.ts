import { uuidOf } from '../../../kernel/ids.ts';
import type { UsageGroup, UsageStore, UsageSums } from '../../../modules/usage/index.ts';
import { plainArray } from '../array-literal.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** What was counted, in PostgreSQL, over a pool of the application's role. */
export function createUsageStore(pool: DatabasePool): UsageStore {
  return {
    async report(tenantId, { from, to, groupBy, offset, limit }) {
      const values = [uuidOf(tenantId), from, to, plainArray(groupBy), offset, limit];
      const statement: Statement<ReportRow> = { name: 'report-usage', text, values };
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      const [total] = rows;
      if (total === undefined) throw new Error('A report of usage has no total.');
      return {
        now: total.now,
        from: total.begins,
        to: total.ends,
        pendingEntries: Number(total.pending),
        total: sumsOf(total),
        groups: rows.slice(1).map(groupOf),
      };
    },
  };
}

export const usagePorts = (pool: DatabasePool) => ({ usage: createUsageStore(pool) });

interface ReportRow {
  readonly now: Date;
  readonly begins: Date;
  readonly ends: Date;
  readonly pending: bigint;
  readonly starts_at: Date | null;
  readonly agent_name: string | null;
  readonly skill_id: string | null;
  readonly department: string | null;
  readonly cost_center: string | null;
  readonly client_id: string | null;
  readonly calls: bigint;
  readonly completed: bigint;
  readonly cached: bigint;
  readonly failed: bigint;
  readonly canceled: bigint;
  readonly rejected: bigint;
  readonly settled: bigint;
  readonly charged: bigint;
  readonly overage: bigint;
  readonly items: string;
  readonly worked_ms: bigint;
  readonly units: Readonly<Record<string, number>>;
}

const sumsOf = (row: ReportRow): UsageSums => ({
  calls: row.calls,
  completed: row.completed,
  cached: row.cached,
  failed: row.failed,
  canceled: row.canceled,
  rejected: row.rejected,
  settledMicrocredits: row.settled,
  chargedMicrocredits: row.charged,
  overageMicrocredits: row.overage,
  items: Number(row.items),
  workedMs: Number(row.worked_ms),
  units: row.units,
});

const groupOf = (row: ReportRow): UsageGroup => ({
  startsAt: row.starts_at,
  agentName: row.agent_name,
  skillId: row.skill_id,
  department: row.department,
  costCenter: row.cost_center,
  clientId: row.client_id,
  ...sumsOf(row),
});

/** Summed again for the total; units are summed by name. */
const sums = [
  'calls',
  'completed',
  'cached',
  'failed',
  'canceled',
  'rejected',
  'settled',
  'charged',
  'overage',
  'worked_ms',
];

/** The first row is the total, whatever page of the groups follows. */
const text = `
  with period as materialized (
    select coalesce($2::timestamptz, date_trunc('month', colloquy.now_utc(), 'UTC')) as begins,
      coalesce($3::timestamptz, date_trunc('hour', colloquy.now_utc(), 'UTC') + interval '1 hour') as ends
  ),
  grouped as materialized (
    select case
        when 'hour' = any ($4::text[]) then u.hour
        when 'day' = any ($4::text[]) then date_trunc('day', u.hour, 'UTC')
        when 'month' = any ($4::text[]) then date_trunc('month', u.hour, 'UTC')
      end as starts_at,
      case when 'agent' = any ($4::text[]) then u.agent_name end as agent_name,
      case when 'skill' = any ($4::text[]) then u.skill_id end as skill_id,
      case when 'department' = any ($4::text[]) then u.department end as department,
      case when 'costCenter' = any ($4::text[]) then u.cost_center end as cost_center,
      case when 'client' = any ($4::text[]) then u.client_id end as client_id,
      sum(u.calls)::bigint as calls, sum(u.completed)::bigint as completed, sum(u.cached)::bigint as cached, sum(u.failed)::bigint as failed,
      sum(u.canceled)::bigint as canceled, sum(u.rejected)::bigint as rejected, sum(u.settled_microcredits)::bigint as settled,
      sum(u.charged_microcredits)::bigint as charged, sum(u.overage_microcredits)::bigint as overage,
      sum(u.worked_ms)::bigint as worked_ms, sum(u.items) as items, colloquy.sum_quantities(u.units) as units
    from colloquy.usage_hours u
    where u.tenant_id = $1 and u.hour >= (select begins from period) and u.hour < (select ends from period)
    group by 1, 2, 3, 4, 5, 6
  ),
  wanted as (
    select * from grouped order by starts_at, agent_name, skill_id, department, cost_center, client_id offset $5 limit $6
  )
  select colloquy.now_utc() as now, p.begins, p.ends, coalesce((
      select c.last_seq - greatest(c.pruned_seq, n.counted_seq) from colloquy.audit_chains c
      left join colloquy.usage_places n on n.tenant_id = c.tenant_id where c.tenant_id = $1
    ), 0)::bigint as pending,
    x.starts_at, x.agent_name, x.skill_id, x.department, x.cost_center, x.client_id, ${sums.map((name) => `x.${name}`).join(', ')}, x.items::text as items, x.units
  from period p cross join (
    select 0 as part, null::timestamptz as starts_at, null::text as agent_name, null::text as skill_id, null::text as department,
      null::text as cost_center, null::text as client_id, ${sums.map((name) => `coalesce(sum(${name}), 0)::bigint as ${name}`).join(', ')},
      coalesce(sum(items), 0) as items, colloquy.sum_quantities(units) as units
    from grouped
    union all
    select 1, * from wanted
  ) x
  order by x.part, x.starts_at, x.agent_name, x.skill_id, x.department, x.cost_center, x.client_id`;
