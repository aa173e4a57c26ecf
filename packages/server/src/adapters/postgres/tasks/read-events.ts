import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { StreamResponse } from '@colloquy/protocol';
import type { TaskEvent, TaskEventKind } from '../../../modules/tasks/index.ts';
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
