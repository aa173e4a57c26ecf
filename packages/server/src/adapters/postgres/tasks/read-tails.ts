import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { LogPosition } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { EventColumns } from './read-events.ts';
import type { AnswerColumns } from './shared-read.ts';

export interface TailColumns extends EventColumns, AnswerColumns {
  /** How many events were looked at: more than were taken when the tail goes on. */
  readonly seen: number;
}

/**
 * What follows each position in its log, oldest first, up to the bounds of a tail; its first event however large it is. Only the key
 * leads into the table.
 */
export function readTails(tenantId: TenantId, positions: readonly LogPosition[]): Statement<TailColumns> {
  return {
    name: 'read-tails',
    text: `
      select p.n::int as n, e.seq, e.kind, e.payload, e.seen::int as seen
      from unnest($2::uuid[], $3::integer[]) with ordinality as p (task_id, after_seq, n)
      cross join lateral (
        select seq, kind, payload, row_number() over w as place, sum(octet_length(payload)) over w as bytes, count(*) over () as seen
        from (
          select seq, kind, payload from colloquy.task_events t
          where t.tenant_id = $1 and t.task_id = p.task_id and t.seq > p.after_seq
          order by seq limit ${limits.logTailEventsMax + 1}
        ) page
        window w as (order by seq)
      ) e
      where e.place = 1 or (e.place <= ${limits.logTailEventsMax} and e.bytes <= ${limits.logTailBytesMax})
      order by p.n, e.seq`,
    values: [
      uuidOf(tenantId),
      plainArray(positions.map(({ taskId }) => uuidOf(taskId))),
      plainArray(positions.map(({ seq }) => seq)),
    ],
  };
}
