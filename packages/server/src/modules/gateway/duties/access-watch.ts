import { applyEvent } from '@colloquy/protocol';
import type { Task } from '@colloquy/protocol';
import { within } from '../../../kernel/clock.ts';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { storedResponse, taskMachine } from '../../tasks/index.ts';
import type { TaskRow, TaskView, WaitingTask } from '../../tasks/index.ts';
import { instanceOf } from '../send/continue-task.ts';
import { readView } from '../view/read-view.ts';
import { queueingOfRow } from '../send/queue-place.ts';
import { pricingOf } from '../send/task-prices.ts';
import type { TakeOverPorts } from './take-over-tasks.ts';
import { statusEvent } from '../run/translate-answer.ts';
import type { Upstream, UpstreamCall } from '../run/upstream.ts';

export interface AccessWatchPorts extends Pick<
  TakeOverPorts,
  'nodes' | 'store' | 'routes' | 'runs' | 'log' | 'announce' | 'clock' | 'report'
> {
  readonly upstream: Pick<Upstream, 'getTask'>;
}

interface AccessCheck {
  readonly tenantId: TenantId;
  readonly aborter: AbortController;
  readonly over: Promise<void>;
}

/**
 * Asks the agents of tasks that wait for an authorization whether they go on: the user may authorize the agent directly, and then no further
 * message comes (A2A 1.0 section 7.6). A check holds no lease and writes nothing. A task that goes on is claimed and worked on like the task of
 * a dead node.
 */
export class AccessWatch {
  readonly #ports: AccessWatchPorts;
  readonly #open = new Map<TaskId, AccessCheck>();
  #isStopped = false;

  constructor(ports: AccessWatchPorts) {
    this.#ports = ports;
  }

  /** How many agents are being asked. */
  get count(): number {
    return this.#open.size;
  }

  /** Begins the checks that are due, and does not wait for the agents. */
  async check(nodeId: NodeId): Promise<void> {
    const room = Math.min(limits.accessChecksMax - this.count, limits.taskRunsMax - this.#ports.runs.count);
    if (this.#isStopped || room <= 0) return;
    for (const due of await this.#ports.nodes.claimAccessChecks(room)) {
      if (!this.#isStopped && !this.#open.has(due.taskId) && this.#hasRoomFor(due.tenantId)) this.#begin(nodeId, due);
    }
  }

  /** Aborts the checks under way; resolves when none is left or the time is up. */
  async stop(waitMs: number): Promise<void> {
    this.#isStopped = true;
    for (const { aborter } of this.#open.values()) aborter.abort();
    const over = Promise.all(Array.from(this.#open.values(), (check) => check.over));
    await within(this.#ports.clock, waitMs, over);
  }

  #hasRoomFor(tenantId: TenantId): boolean {
    let count = 0;
    for (const check of this.#open.values()) if (check.tenantId === tenantId) count += 1;
    return count < limits.accessChecksPerTenantMax;
  }

  #begin(nodeId: NodeId, { tenantId, taskId }: WaitingTask): void {
    const aborter = new AbortController();
    const cancelTimer = this.#ports.clock.after(limits.accessCheckMs, () => aborter.abort());
    const over = checkTask(this.#ports, nodeId, { tenantId, taskId, signal: aborter.signal })
      .catch((error: unknown) => {
        // While the database is unavailable, the next check does the work.
        if (asPlatformError(error).kind !== 'unavailable') this.#ports.report(error);
      })
      .finally(() => {
        cancelTimer();
        this.#open.delete(taskId);
      });
    this.#open.set(taskId, { tenantId, aborter, over });
  }
}

async function checkTask(
  ports: AccessWatchPorts,
  nodeId: NodeId,
  { tenantId, taskId, signal }: Pick<TaskRow, 'tenantId' | 'taskId'> & Pick<UpstreamCall, 'signal'>,
): Promise<void> {
  const { store, routes } = ports;
  const row = await store.findForWork(tenantId, taskId);
  if (row === null || taskMachine[row.state].resume !== 'allowed') return;
  const route = await routes.findById(tenantId, row.servedBy ?? row.agentId);
  if (route === null) return;
  const instance = instanceOf(route, row);
  const chained = row.chain === null ? {} : { chain: row.chain };
  const call = { route, instance, taskId, subject: row.ownerId, requestId: row.requestId, ...chained, signal };
  if (signal.aborted || !(await hasGoneOn(ports, row, call))) return;
  // Everything is read before the claim, so that nothing can fail between the claim and the work.
  const view = await readView(store, { tenantId, taskId });
  if (!signal.aborted && ports.runs.holdsLease(nodeId))
    await resume(ports, { row, call: { route, instance }, view, nodeId });
}

/** Whether the agent is past the question that ends the log. An agent that does not answer is asked again later. */
async function hasGoneOn({ upstream, store }: AccessWatchPorts, row: TaskRow, call: UpstreamCall): Promise<boolean> {
  const { tenantId, taskId, upstreamTaskId } = row;
  if (upstreamTaskId === null) return false;
  const answer = await upstream.getTask(call, upstreamTaskId).catch(() => null);
  if (answer === null || answer.id !== upstreamTaskId || answer.status.state === 'TASK_STATE_UNSPECIFIED') return false;
  if (answer.status.state !== row.state) return true;
  const asked = (await store.readLastStatuses(tenantId, [taskId])).get(taskId);
  return asked !== undefined && asksInOtherWords(storedResponse(asked.json).statusUpdate?.status.message, answer);
}

/** Some agents give the same message a new id each time. */
function asksInOtherWords(asked: Task['status']['message'], { status: { message } }: Task): boolean {
  if (message === undefined || message.messageId === asked?.messageId) return false;
  return JSON.stringify(message.parts) !== JSON.stringify(asked?.parts);
}

interface Resumption {
  readonly row: TaskRow;
  readonly call: Pick<UpstreamCall, 'route' | 'instance'>;
  readonly view: TaskView;
  readonly nodeId: NodeId;
}

/** Claims the task as working, and then asks the agent for its state. */
async function resume(ports: AccessWatchPorts, { row, call, view, nodeId }: Resumption): Promise<void> {
  const { tenantId, taskId, contextId, attempt, ownerId, requestId, upstreamTaskId, isQueueable } = row;
  const statusAtMs = ports.clock.nowMs();
  const state = 'TASK_STATE_WORKING';
  const identity = { task: view.task, contextId, nowIso: new Date(statusAtMs).toISOString() };
  const { kind, response } = statusEvent(identity, { state });
  const event = { kind, json: JSON.stringify(response), state } as const;
  const expected = { expectedSeq: view.seq, expectedAttempt: attempt };
  const pricing = await pricingOf(ports.store, row, null);
  const outcome = await ports.store.resumeTask({
    tenantId,
    taskId,
    nodeId,
    ...expected,
    event,
    statusAtMs,
    isQueueable,
  });
  if (outcome === 'stale') return;
  const seq = view.seq + 1;
  ports.log.publish(taskId, [{ ...event, seq }]);
  ports.announce(taskId);
  const working = { task: applyEvent(view.task, response), seq, logBytes: view.logBytes + event.json.length };
  const begun = { taskId, nodeId, attempt: attempt + 1, view: working, ...call, ownerId, requestId, upstreamTaskId };
  ports.runs.start({ ...begun, ...pricing, ...queueingOfRow(row) }, { kind: 'attach', message: null });
}
