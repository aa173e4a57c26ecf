import type { StreamResponse } from '@colloquy/protocol';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { LogPosition, TaskEvent, TaskEventKind } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface EventColumns {
  readonly seq: number;
  readonly kind: TaskEventKind;
  readonly payload: string;
}

/** A page of a task's log after a sequence, oldest first. */
export function readEvents(
  tenantId: TenantId,
  taskId: TaskId,
  afterSeq: number,
  limit: number,
): Statement<EventColumns> {
  return {
    name: 'read-events',
    text: `
      select seq, kind, payload from colloquy.task_events
      where tenant_id = $1 and task_id = $2 and seq > $3 order by seq limit $4`,
    values: [uuidOf(tenantId), uuidOf(taskId), afterSeq, limit],
  };
}

/** The event with the state it brings. */
export function eventOf({ seq, kind, payload }: EventColumns): TaskEvent {
  if (kind === 'artifact' || kind === 'turn') return { seq, kind, json: payload };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the log holds only what this platform encoded
  const response = JSON.parse(payload) as StreamResponse;
  const state = (response.statusUpdate?.status ?? response.task?.status)?.state;
  return { seq, kind, json: payload, ...(state === undefined ? {} : { state }) };
}

/** The newest event of each task that says its status, in the order of the ids, up to `limits.pageBytesMax` bytes and at least one. */
export function readLastStatuses(
  tenantId: TenantId,
  taskIds: readonly TaskId[],
): Statement<EventColumns & { readonly task_id: string }> {
  return {
    name: 'read-last-statuses',
    text: `
      select s.task_id, s.seq, s.kind, s.payload
      from (
        select i.n, i.task_id, e.seq, e.kind, e.payload, sum(octet_length(e.payload)) over (order by i.n) as bytes
        from unnest($2::uuid[]) with ordinality as i (task_id, n)
        cross join lateral (
          select seq, kind, payload from colloquy.task_events
          where tenant_id = $1 and task_id = i.task_id and kind in ('task', 'status', 'reply') order by seq desc limit 1
        ) e
      ) s
      where s.n = 1 or s.bytes <= ${limits.pageBytesMax}
      order by s.n`,
    values: [uuidOf(tenantId), taskIds.map(uuidOf)],
  };
}

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
