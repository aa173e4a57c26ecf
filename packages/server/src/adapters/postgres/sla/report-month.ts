import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { AgentTier } from '../../../modules/registry/index.ts';
import type { ReportRequest, SlaCount, SlaSums } from '../../../modules/sla/index.ts';
import type { Statement } from '../statement.ts';
import { monthAt, objectiveColumns } from './objective-columns.ts';
import type { ObjectiveRow } from './objective-columns.ts';

export interface ReportMonthRow {
  readonly now: Date;
  readonly begins: Date;
  readonly ends: Date;
  readonly pending: number;
  readonly agent_tier: AgentTier | null;
}

const text = `
  select colloquy.now_utc() as now, m.begins, m.ends,
    coalesce((
      select c.last_seq - greatest(c.pruned_seq, p.counted_seq) from colloquy.audit_chains c
      left join colloquy.sla_places p on p.tenant_id = c.tenant_id where c.tenant_id = $1
    ), 0)::float8 as pending,
    (
      select a.tier from colloquy.agents a where a.tenant_id = $1 and a.name = $3 order by a.deregistered_at desc nulls first limit 1
    ) as agent_tier
  from (${monthAt('$2')}) m`;

/** Start and end of a report, the number of entries not counted yet, and the tier of the requested agent, registered or not any more. */
export function findReportMonth(tenantId: TenantId, { month, agentName }: ReportRequest): Statement<ReportMonthRow> {
  return { name: 'find-report-month', text, values: [uuidOf(tenantId), month, agentName] };
}

/** Sums of the month, and of its last 1, 6 and 24 hours with the suffixes `_1`, `_6` and `_24`; numbers that a double holds exactly. */
export type SummaryRow = {
  readonly [Name in `${(typeof summed)[number]}${'' | '_1' | '_6' | '_24'}`]: number;
} & {
  readonly kind: 'total' | 'tier' | 'agent';
  /** For an agent: its current tier, or its last one. */
  readonly tier: AgentTier | null;
  readonly agent_name: string | null;
  readonly ended: number;
  readonly excused: number;
  readonly served: number;
  readonly latency_ms_min: number | null;
  readonly latency_ms_max: number | null;
};

const summed = ['judged', 'failed', 'late', 'failed_allowed', 'late_allowed'] as const;

const sumsOf = (suffix: string, when: string): string => {
  const sum = (what: string): string => `coalesce(sum(${what}) filter (where ${when}), 0)::float8`;
  return `
    ${sum('c.ended - c.excused')} as judged${suffix}, ${sum('c.failed')} as failed${suffix}, ${sum('c.late')} as late${suffix},
    ${sum('(c.ended - c.excused)::bigint * (1000000 - c.availability_ppm)')} as failed_allowed${suffix},
    ${sum('(c.ended - c.excused - c.failed)::bigint * (1000000 - c.latency_ppm)')} as late_allowed${suffix}`;
};

const inMonth = 'c.hour >= m.begins';
const windowOf = (hours: number): string => `c.hour >= m.this_hour - interval '${hours} hours'`;

// Each window includes the current hour as well, so the last hour is never shorter than an hour.
const summarizeMonthText = `
  with m as materialized (${monthAt('$2')}),
  summed as (
    select case when grouping(c.agent_name) = 0 then 'agent' when grouping(c.tier) = 0 then 'tier' else 'total' end as kind,
      c.agent_name, c.tier as group_tier, coalesce(sum(c.ended) filter (where ${inMonth}), 0)::float8 as ended,
      coalesce(sum(c.excused) filter (where ${inMonth}), 0)::float8 as excused,
      coalesce(sum(c.served) filter (where ${inMonth}), 0)::float8 as served,
      min(c.latency_ms) filter (where ${inMonth}) as latency_ms_min, max(c.latency_ms) filter (where ${inMonth}) as latency_ms_max,
      ${[sumsOf('', inMonth), sumsOf('_1', windowOf(1)), sumsOf('_6', windowOf(6)), sumsOf('_24', windowOf(24))].join(',')}
    from colloquy.sla_counts c cross join m
    where c.tenant_id = $1 and c.hour >= (select least(begins, this_hour - interval '24 hours') from m) and c.hour < (select ends from m)
      and ($3::text is null or c.agent_name = $3)
    group by grouping sets ((c.agent_name), (c.tier), ())
    having grouping(c.agent_name) = 1 or (c.agent_name > $4 and bool_or(${inMonth}))
    order by grouping(c.agent_name) desc, c.agent_name limit $5
  )
  select s.*, case s.kind when 'agent' then (
      select a.tier from colloquy.agents a where a.tenant_id = $1 and a.name = s.agent_name order by a.deregistered_at desc nulls first limit 1
    ) else s.group_tier end as tier
  from summed s order by s.kind desc, s.agent_name`;

/** The counts of a month: of the tenant, of each tier, and of `rows` agents after a name. */
export function summarizeMonth(
  tenantId: TenantId,
  { month, agentName, page }: ReportRequest,
  rows: number,
): Statement<SummaryRow> {
  const groupsMax = rows + otherGroupsMax;
  return {
    name: 'summarize-month',
    text: summarizeMonthText,
    values: [uuidOf(tenantId), month, agentName, page.after ?? '', groupsMax],
  };
}

// The total and three tiers.
const otherGroupsMax = 4;

export function countOf(row: SummaryRow): SlaCount {
  const sums = (suffix: '' | '_1' | '_6' | '_24'): SlaSums => ({
    judged: row[`judged${suffix}`],
    failed: row[`failed${suffix}`],
    late: row[`late${suffix}`],
    failedAllowedPpm: row[`failed_allowed${suffix}`],
    lateAllowedPpm: row[`late_allowed${suffix}`],
  });
  return {
    ...sums(''),
    ended: row.ended,
    excused: row.excused,
    served: row.served,
    latencyMsMin: row.latency_ms_min,
    latencyMsMax: row.latency_ms_max,
    lastHour: sums('_1'),
    last6Hours: sums('_6'),
    last24Hours: sums('_24'),
  };
}

const listChangesText = `
  with m as (${monthAt('$2')})
  select ${objectiveColumns} from colloquy.sla_objectives o
  where tenant_id = $1 and holds_from >= (select begins from m) and holds_from < (select ends from m)
    and ($3::text is null or kind = 'tier' or subject = $3)
  order by holds_from, kind, subject limit $4`;

/** Changes of objectives that took effect in the month: all of them, or those of the tiers and one agent. */
export function listChanges(tenantId: TenantId, { month, agentName }: ReportRequest): Statement<ObjectiveRow> {
  return {
    name: 'list-changes',
    text: listChangesText,
    values: [uuidOf(tenantId), month, agentName, limits.slaChangesShownMax],
  };
}

const findInForceText = `
  with m as (${monthAt('$2')})
  select distinct on (kind, subject) ${objectiveColumns} from colloquy.sla_objectives o
  where tenant_id = $1 and (kind = 'tier' or kind = 'agent' and subject = $3)
    and holds_from < (select ends from m) and holds_from <= colloquy.now_utc()
  order by kind, subject, holds_from desc`;

/** The objectives of the tiers and of one agent, in force at the end of the month or now. */
export function findInForce(tenantId: TenantId, { month, agentName }: ReportRequest): Statement<ObjectiveRow> {
  return { name: 'find-in-force', text: findInForceText, values: [uuidOf(tenantId), month, agentName] };
}
