import type { Clock } from '../../../kernel/clock.ts';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { routerName } from '../../../kernel/router-name.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskRow, TaskStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { costOf, readCosts } from '../task-costs.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { countRoutedTasks, listRoutedTasks } from './list-routed-tasks.ts';
import { countTasks, listTasks } from './list-tasks.ts';
import { eventOf, findGrown, readEvents, readLastStatuses } from './read-events.ts';
import { findNamedTask, findSends } from './find-sends.ts';
import { findParent, parentOf } from './find-parent.ts';
import { findTasks, findTasksForWork, findUpstreamIds } from './find-tasks.ts';
import { FullLists } from './full-lists.ts';
import { sharedRead } from './shared-read.ts';
import { taskOf } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** What reads of a task store. */
export type TaskReader = Pick<
  TaskStore,
  | 'count'
  | 'find'
  | 'findForWork'
  | 'findGrown'
  | 'findNamed'
  | 'findParent'
  | 'findSend'
  | 'findUpstreamIds'
  | 'list'
  | 'readCosts'
  | 'readEvents'
  | 'readLastStatuses'
>;

/** Reads tasks and their logs as one tenant each time. */
export function createTaskReader(pool: DatabasePool, clock: Clock): TaskReader {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  const answerOf = ([row]: readonly TaskColumns[]): TaskRow | null => (row === undefined ? null : taskOf(row));
  const find = sharedRead({ pool, clock, statement: findTasks, answerOf });
  const findForWork = sharedRead({ pool, clock, statement: findTasksForWork, answerOf });
  const findSend = sharedRead({
    pool,
    clock,
    statement: findSends,
    answerOf: ([row]) =>
      row === undefined ? null : { taskId: idOf('tsk', row.task_id), fingerprint: row.fingerprint.replaceAll('-', '') },
  });
  const fullLists = new FullLists();
  return {
    find: (viewer, taskId) => find({ ...viewer, taskId }),
    findForWork: (tenantId, taskId) => findForWork({ tenantId, taskId }),
    async findGrown(tenantId, positions) {
      return (await read(tenantId, findGrown(tenantId, positions))).map((row) => idOf('tsk', row.task_id));
    },
    async findNamed(tenantId, nameHash) {
      const [row] = await read(tenantId, findNamedTask(tenantId, nameHash));
      return row === undefined ? null : idOf('tsk', row.task_id);
    },
    async findParent(tenantId, taskId) {
      const [row] = await read(tenantId, findParent(tenantId, taskId));
      return row === undefined ? null : parentOf(taskId, row);
    },
    findSend: (tenantId, keyHash) => findSend({ tenantId, keyHash }),
    async findUpstreamIds(task, taskIds) {
      const rows = await read(task.tenantId, findUpstreamIds(task, taskIds));
      return new Map(rows.map((row) => [idOf('tsk', row.task_id), row.upstream_task_id]));
    },
    async readCosts(tenantId, taskIds) {
      const rows = await read(tenantId, readCosts(tenantId, taskIds));
      return new Map(rows.map((row) => [idOf('tsk', row.task_id), costOf(row)]));
    },
    async readLastStatuses(tenantId, taskIds) {
      const rows = await read(tenantId, readLastStatuses(tenantId, taskIds));
      return new Map(rows.map((row) => [idOf('tsk', row.task_id), eventOf(row)]));
    },
    async readEvents(tenantId, taskId, afterSeq, limit) {
      return (await read(tenantId, readEvents(tenantId, taskId, afterSeq, limit))).map(eventOf);
    },
    async list(viewer, query) {
      const isRouted = viewer.agentName === routerName;
      const statement = isRouted ? listRoutedTasks(viewer, query) : listTasks(viewer, query);
      return (await read(viewer.tenantId, statement)).map(taskOf);
    },
    async count(viewer, query) {
      if (fullLists.holds(viewer, query)) return limits.listTotalMax;
      const isRouted = viewer.agentName === routerName;
      const statement = isRouted ? countRoutedTasks(viewer, query) : countTasks(viewer, query);
      const total = (await read(viewer.tenantId, statement))[0]?.total ?? 0;
      fullLists.note(viewer, query, total);
      return total;
    },
  };
}
