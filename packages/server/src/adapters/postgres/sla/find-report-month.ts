import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AgentTier } from '../../../modules/registry/index.ts';
import type { ReportRequest } from '../../../modules/sla/index.ts';
import type { Statement } from '../statement.ts';
import { monthAt } from './hours.ts';

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

/** When a report begins and ends, how much is not counted yet, and the tier of the wanted agent, if there is or was one. */
export function findReportMonth(tenantId: TenantId, { month, agentName }: ReportRequest): Statement<ReportMonthRow> {
  return { name: 'find-report-month', text, values: [uuidOf(tenantId), month, agentName] };
}
