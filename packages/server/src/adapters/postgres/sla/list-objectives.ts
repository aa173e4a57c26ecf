import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { SlaSubject } from '../../../modules/sla/index.ts';
import type { Statement } from '../statement.ts';
import { objectiveColumns } from './objective-columns.ts';
import type { ObjectiveRow } from './objective-columns.ts';

const text = `
  select ${objectiveColumns} from (
    select distinct on (subject) ${objectiveColumns} from colloquy.sla_objectives
    where tenant_id = $1 and kind = $2 and subject > $3 order by subject, holds_from desc
  ) o where latency_ms is not null order by subject limit $4`;

/** The last word on each subject of a kind, after a name; what was taken back is left out. */
export function listObjectives(
  tenantId: TenantId,
  { kind, after, rows }: { readonly kind: SlaSubject['kind']; readonly after: string; readonly rows: number },
): Statement<ObjectiveRow> {
  return { name: 'list-objectives', text, values: [uuidOf(tenantId), kind, after, rows] };
}
