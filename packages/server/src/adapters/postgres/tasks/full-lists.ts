import { keepNewest } from '../../../kernel/keep-newest.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';

/**
 * Lists that have reached the bound up to which tasks are counted. Tasks stay in such a list, and their times only move forward, so a later request
 * for the whole list needs no count. A list filtered by state or by a start time can shrink, and is always counted.
 */
export class FullLists {
  /** Up to which time each list was read. */
  readonly #lists = new Map<string, number>();

  holds(viewer: TaskViewer, query: TaskPageQuery): boolean {
    const untilMs = isWhole(query) ? this.#lists.get(keyOf(viewer, query)) : undefined;
    return untilMs !== undefined && untilMs <= query.statusAtUntilMs;
  }

  note(viewer: TaskViewer, query: TaskPageQuery, total: number): void {
    if (total < limits.listTotalMax || !isWhole(query)) return;
    keepNewest(this.#lists, keyOf(viewer, query), query.statusAtUntilMs, limits.fullListsKnownMax);
  }
}

function isWhole({ state, statusAtFromMs }: TaskPageQuery): boolean {
  return state === null && statusAtFromMs === null;
}

function keyOf({ tenantId, ownerId, agentName }: TaskViewer, { contextId }: TaskPageQuery): string {
  return JSON.stringify([tenantId, ownerId, agentName, contextId]);
}
