import type { HeldBytes } from '../../../kernel/byte-budget.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { extendView } from '../../tasks/index.ts';
import type { TaskRow, TaskStore, TaskView } from '../../tasks/index.ts';

/** Each event is in memory as the text that was read and as the value that was made of it. */
const copiesOfEvent = 2;

/**
 * The task as its committed log tells it, read tail by tail. `held` counts its bytes: the reading waits while others of the caller or of its
 * tenant are under way, and rejects with `request.rate-limited` or `platform.overloaded` when that takes too long.
 */
export async function readView(
  store: Pick<TaskStore, 'readTail'>,
  { tenantId, taskId }: Pick<TaskRow, 'tenantId' | 'taskId'>,
  held?: HeldBytes,
): Promise<TaskView> {
  let view: TaskView | null = null;
  for (;;) {
    const reserved = await reserveTail(held);
    const { events, isMore } = await store.readTail(tenantId, taskId, view?.seq ?? 0);
    const bytes = copiesOfEvent * events.reduce((sum, { json }) => sum + json.length, 0);
    await held?.take(bytes - reserved);
    // No client waits for the rest.
    if (held?.isReleased === true) throw new PlatformError('request.canceled');
    const before: TaskView | null = view;
    const extend = (): TaskView | null => extendView(before, events);
    view = held === undefined ? extend() : await held.work(extend);
    if (!isMore) break;
  }
  if (view === null) throw new PlatformError('task.unknown');
  return view;
}

/** Waits before anything is read while others wait; answers the bytes that are counted by that. */
async function reserveTail(held: HeldBytes | undefined): Promise<number> {
  const bytes = copiesOfEvent * limits.logTailBytesMax;
  if (held === undefined || held.hasRoomFor(bytes)) return 0;
  await held.take(bytes);
  return bytes;
}
