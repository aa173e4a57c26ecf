import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { LogPosition } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

/** The tasks whose logs go on after these positions. Only the key leads into the table. */
export function findGrown(
  tenantId: TenantId,
  positions: readonly LogPosition[],
): Statement<{ readonly task_id: string }> {
  return {
    name: 'find-grown',
    text: `
      select p.task_id
      from unnest($2::uuid[], $3::integer[]) as p (task_id, seq)
      cross join lateral (
        select t.last_seq from colloquy.tasks t where t.tenant_id = $1 and t.task_id = p.task_id
      ) t
      where t.last_seq > p.seq`,
    values: [
      uuidOf(tenantId),
      plainArray(positions.map(({ taskId }) => uuidOf(taskId))),
      plainArray(positions.map(({ seq }) => seq)),
    ],
  };
}
