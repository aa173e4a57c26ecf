import type { Clock } from '../../../kernel/clock.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { LogPosition, LogTail, TaskStore } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { eventOf } from './read-events.ts';
import type { EventColumns } from './read-events.ts';
import { sharedRead } from './shared-read.ts';
import type { AnswerColumns } from './shared-read.ts';

interface TailColumns extends Omit<EventColumns, 'payload'>, AnswerColumns {
  /** Null for an event that is left to the next read, because those of other positions are long. */
  readonly payload: string | null;
  /** How many events were read: more than are returned when the log continues. */
  readonly seen: number;
}

/**
 * The events after each position, oldest first, within the bounds of a tail; the first event however large it is. All of them together keep to
 * `limits.logTailsBytesMax`, beside one event; positions beyond it get no events and are told that there are more. Only the key leads into the
 * table.
 */
export function readTails(tenantId: TenantId, positions: readonly LogPosition[]): Statement<TailColumns> {
  return {
    name: 'read-tails',
    text: `
      select t.n::int as n, t.seq, t.kind, t.seen::int as seen,
        case when t.nth = 1 or t.total <= ${limits.logTailsBytesMax} then t.payload end as payload
      from (
      select p.n, e.*, row_number() over shared as nth, sum(octet_length(e.payload)) over shared as total
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
      window shared as (order by p.n, e.seq)
      ) t
      where t.place = 1 or t.total <= ${limits.logTailsBytesMax}
      order by t.n, t.seq`,
    values: [
      uuidOf(tenantId),
      plainArray(positions.map(({ taskId }) => uuidOf(taskId))),
      plainArray(positions.map(({ seq }) => seq)),
    ],
  };
}

interface TailPosition extends LogPosition {
  readonly tenantId: TenantId;
}

/** Reads tails of logs. A process reads this way every event that another process has written and that its own clients stream. */
export function createTailReader(pool: DatabasePool, clock: Clock): TaskStore['readTail'] {
  const read = sharedRead<TailPosition, TailColumns, LogTail>({
    pool,
    clock,
    statement: readTails,
    answerOf: (rows) => {
      const events = rows.flatMap(({ payload, ...event }) =>
        payload === null ? [] : [eventOf({ ...event, payload })],
      );
      return { events, isMore: (rows[0]?.seen ?? 0) > events.length };
    },
  });
  return (tenantId, taskId, afterSeq) => read({ tenantId, taskId, seq: afterSeq });
}
