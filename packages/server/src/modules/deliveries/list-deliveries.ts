import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId, uuidOf } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { Delivery, DeliveryState } from './delivery.ts';
import type { DeliveryJournal, DeliveryQuery } from './delivery-store.ts';

export interface ListDeliveriesInput extends PageRequest {
  readonly taskId: string | null;
  readonly state: DeliveryState | null;
}

/** Deliveries of the caller's tenant, oldest task first. Throws `request.invalid` for an invalid cursor or task id. */
export function listDeliveries(ports: { readonly deliveries: DeliveryJournal }) {
  return async (caller: Caller, input: ListDeliveriesInput): Promise<Page<Delivery>> => {
    const query: DeliveryQuery = {
      state: input.state,
      taskId: input.taskId === null ? null : taskUuidOf(input.taskId),
      after: input.after === null ? null : cursorFrom(input.after),
      limit: input.limit + 1,
    };
    const rows = await ports.deliveries.list(caller.tenant.id, query);
    return pageOf(rows, input.limit, ({ taskId, subscriptionId, seq }) => `${uuidOf(taskId)}.${subscriptionId}.${seq}`);
  };
}

const cursorShape = /^([0-9a-f]{32})\.([0-9a-f]{32})\.(\d{1,9})$/;

function cursorFrom(text: string): NonNullable<DeliveryQuery['after']> {
  const [, taskId, subscriptionId, seq] = cursorShape.exec(text) ?? [];
  if (taskId === undefined || subscriptionId === undefined || seq === undefined)
    throw invalid('after', 'must be the next of the page before');
  return { taskId, subscriptionId, seq: Number(seq) };
}

function taskUuidOf(taskId: string): string {
  if (isId('tsk', taskId)) return uuidOf(taskId);
  throw invalid('task', 'must be a task id: tsk_ and 32 hex digits');
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
