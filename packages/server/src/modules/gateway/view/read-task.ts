import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { extendView } from '../../tasks/index.ts';
import type { TaskRow, TaskStore, TaskView, TaskViewer } from '../../tasks/index.ts';

/** The row of a task that the viewer may see; throws `task.unknown` for any other. */
export async function findVisibleTask(store: TaskStore, viewer: TaskViewer, taskId: TaskId): Promise<TaskRow> {
  const row = await store.find(viewer, taskId);
  if (row === null) throw new PlatformError('task.unknown');
  return row;
}

/** The task as its committed log tells it, read tail by tail. */
export async function readView(
  store: Pick<TaskStore, 'readTail'>,
  tenantId: TenantId,
  taskId: TaskId,
): Promise<TaskView> {
  let view: TaskView | null = null;
  for (;;) {
    const { events, isMore } = await store.readTail(tenantId, taskId, view?.seq ?? 0);
    view = extendView(view, events);
    if (!isMore) break;
  }
  if (view === null) throw new PlatformError('task.unknown');
  return view;
}
