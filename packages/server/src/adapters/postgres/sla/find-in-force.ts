import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { ReportRequest } from '../../../modules/sla/index.ts';
import type { Statement } from '../statement.ts';
import { monthAt } from './hours.ts';
import { objectiveColumns } from './objective-columns.ts';
import type { ObjectiveRow } from './objective-columns.ts';

const text = `
  with m as (${monthAt('$2')})
  select distinct on (kind, subject) ${objectiveColumns} from colloquy.sla_objectives o
  where tenant_id = $1 and (kind = 'tier' or kind = 'agent' and subject = $3)
    and holds_from < (select ends from m) and holds_from <= colloquy.now_utc()
  order by kind, subject, holds_from desc`;

/** What holds of tiers and of one agent, at the end of the month or now. */
export function findInForce(tenantId: TenantId, { month, agentName }: ReportRequest): Statement<ObjectiveRow> {
  return { name: 'find-in-force', text, values: [uuidOf(tenantId), month, agentName] };
}
