import { trimTask } from '@colloquy/protocol';
import type { ListTasksRequest, ListTasksResponse, Task } from '@colloquy/protocol';
import type { HeldBytes } from '../../../kernel/byte-budget.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { storedResponse } from '../../tasks/index.ts';
import type { TaskEvent, TaskPageQuery, TaskRow } from '../../tasks/index.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';
import { viewerOf } from './visible-task.ts';
import { readView } from './read-view.ts';

/** ListTasks (A2A 1.0 section 3.1.4): the caller's own tasks at this agent, newest status first. */
export function listTasks(ports: GatewayPorts) {
  return async (caller: Caller, address: AgentAddress, request: ListTasksRequest): Promise<ListTasksResponse> => {
    const viewer = await viewerOf(ports, caller, address, 'task.list');
    const pageSize = request.pageSize ?? limits.pageItemsDefault;
    const token = request.pageToken ?? '';
    const nowMs = ports.clock.nowMs();
    const start =
      token === '' ? { after: null, untilMs: nowMs } : decodePageToken(ports.pageTokens, viewer, request, token);
    if (nowMs - start.untilMs > limits.pageTokenMs) throw new PlatformError('task.page-token-invalid');
    const query = pageQuery(request, start.after, start.untilMs, pageSize + 1);
    const [rows, totalSize] = await Promise.all([ports.store.list(viewer, query), ports.store.count(viewer, query)]);
    const tasks = await describe(ports, rows.slice(0, pageSize), request, caller.held);
    const last = rows[tasks.length - 1];
    const isMore = rows.length > tasks.length && last !== undefined;
    return {
      tasks,
      nextPageToken: isMore
        ? encodePageToken(ports.pageTokens, viewer, request, { after: last, untilMs: start.untilMs })
        : '',
      pageSize,
      totalSize,
    };
  };
}

function pageQuery(
  request: ListTasksRequest,
  after: TaskPageQuery['after'],
  statusAtUntilMs: number,
  limit: number,
): TaskPageQuery {
  const { status, statusTimestampAfter } = request;
  return {
    contextId: request.contextId ?? null,
    state: status === undefined || status === 'TASK_STATE_UNSPECIFIED' ? null : status,
    statusAtFromMs: statusTimestampAfter === undefined ? null : Date.parse(statusTimestampAfter),
    after,
    statusAtUntilMs,
    limit,
  };
}

/** The tasks of these rows, from the first one on, until the page has `limits.pageBytesMax` bytes of their logs. */
async function describe(
  ports: GatewayPorts,
  rows: readonly TaskRow[],
  request: ListTasksRequest,
  held?: HeldBytes,
): Promise<readonly Task[]> {
  const trim = { historyLength: request.historyLength ?? 0, includeArtifacts: request.includeArtifacts ?? false };
  const first = rows[0];
  if (first === undefined) return [];
  if (trim.historyLength === 0 && !trim.includeArtifacts) {
    const statuses = await ports.store.readLastStatuses(
      first.tenantId,
      rows.map(({ taskId }) => taskId),
    );
    await held?.take([...statuses.values()].reduce((bytes, { json }) => bytes + json.length, 0));
    const lastRead = rows.findLastIndex(({ taskId }) => statuses.has(taskId));
    return rows.slice(0, lastRead + 1 || rows.length).map((row) => summary(row, statuses.get(row.taskId)));
  }
  const tasks: Task[] = [];
  let pageBytes = 0;
  // One log at a time: a page of long logs must not fill the memory.
  for (const row of rows) {
    if (pageBytes >= limits.pageBytesMax) break;
    const { task, logBytes } = await readView(ports.store, row, held);
    pageBytes += logBytes;
    tasks.push(trimTask(task, trim));
  }
  return tasks;
}

/** The task without history and artifacts, from its last status event and its row. */
function summary(row: TaskRow, event: TaskEvent | undefined): Task {
  const base = { id: row.taskId, contextId: row.contextId };
  if (event === undefined)
    return { ...base, status: { state: row.state, timestamp: new Date(row.statusAtMs).toISOString() } };
  const response = storedResponse(event.json);
  const status = response.statusUpdate?.status ?? response.task?.status;
  return { ...base, status: status ?? { state: row.state, timestamp: new Date(row.statusAtMs).toISOString() } };
}
