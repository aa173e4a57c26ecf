import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ReportRequest } from '../../../modules/sla/index.ts';
import type { Statement } from '../statement.ts';
import { monthAt } from './hours.ts';
import { objectiveColumns } from './objective-columns.ts';
import type { ObjectiveRow } from './objective-columns.ts';

const text = `
  with m as (${monthAt('$2')})
  select ${objectiveColumns} from colloquy.sla_objectives o
  where tenant_id = $1 and holds_from >= (select begins from m) and holds_from < (select ends from m)
    and ($3::text is null or kind = 'tier' or subject = $3)
  order by holds_from, kind, subject limit $4`;

/** What was said to hold from hours of the month on: of everything, or of tiers and one agent. */
export function listChanges(tenantId: TenantId, { month, agentName }: ReportRequest): Statement<ObjectiveRow> {
  return { name: 'list-changes', text, values: [uuidOf(tenantId), month, agentName, limits.slaChangesShownMax] };
}
