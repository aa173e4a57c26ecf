import type { ByteBudget, HeldBytes } from '../../../kernel/byte-budget.ts';
import { pause, within } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { PlatformError } from '../../../kernel/errors.ts';
import { dropped, FairQueue } from '../../../kernel/fair-queue.ts';
import type { IdSource, NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { EntryMap } from '../../../kernel/entry-map.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import type { DelegationChain, TaskLog, TaskStore, TaskView, WriteOutcome } from '../../tasks/index.ts';
import type { Bulkheads } from './bulkheads.ts';
import type { CallObserver } from './call-observer.ts';
import type { FoundResult, ResultCache } from '../../results/index.ts';
import { firstCallOf, giveResult, spotOf, workThroughCache } from '../send/cached-work.ts';
import type { TaskPricing } from '../send/task-prices.ts';
import { readView } from '../view/read-view.ts';
import { failureDraft } from './task-end.ts';
import { TaskRun } from './task-run.ts';
import type { RunLease, RunQueueing, TaskRunPorts } from './task-run.ts';
import { AgentAttempts } from './agent-attempts.ts';
import type { AgentAttemptsPorts, AgentAttemptsStart } from './agent-attempts.ts';
import type { Upstream, UpstreamCall, UpstreamMessage } from './upstream.ts';
import { cancelRun, workOnTask } from './work-on-task.ts';
import type { Assignment } from './work-on-task.ts';

export interface TaskRunsOptions {
  readonly store: TaskStore;
  readonly log: TaskLog;
  readonly upstream: Upstream;
  readonly calls: CallObserver;
  readonly results: ResultCache;
  readonly bulkheads: Bulkheads;
  /** What it takes to ask another instance or agent. */
  readonly others: Omit<AgentAttemptsPorts, 'clock' | 'onSlotsFree'>;
  /** Counts the bytes of runs. */
  readonly budget: ByteBudget;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Whether this process still holds the lease of this node id; no run is begun under a lost one. */
  readonly holdsLease: (nodeId: NodeId) => boolean;
  /** Notifies other processes that a task's log grew; coalesced and lossy. */
  readonly announce: (taskId: TaskId) => void;
  readonly reportUnwritable: (error: unknown) => void;
  /** A run ended whose task may have held concurrency slots of this agent. */
  readonly onSlotsFree: (route: Route) => void;
  /** 0 to 1, at random. */
  readonly chance: () => number;
}

/** A task that this process is to work on, under a lease that the database has granted. */
export interface StartedTask {
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
  readonly view: Pick<TaskView, 'task' | 'seq' | 'logBytes'>;
  /** The route of the agent that does the work. */
  readonly route: Route;
  readonly instance: AgentInstance;
  /** The route of the agent that the task was sent to; absent when that agent does the work. */
  readonly origin?: Route;
  /** Why the agent is not asked; its fallback agents may be. */
  readonly refusal?: PlatformError;
  readonly ownerId: string;
  readonly requestId: string;
  readonly upstreamTaskId: string | null;
  /** Absent or null for a task that is not delegated and has no budget. */
  readonly chain?: DelegationChain | null;
  /** Absent: the task costs what was reserved for it. */
  readonly pricing?: TaskPricing;
  /** Present for a task that may wait in a queue. */
  readonly queueing?: RunQueueing;
}

interface OpenRun {
  readonly run: TaskRun;
  readonly attempts: AgentAttempts;
  /** A cancel is under way: the agent is told once, however often the cancel request is read. */
  isCanceling: boolean;
}

const writeRetryDelayMsMin = 50;
const writeRetryDelayMsMax = 1_000;

/**
 * Every task that this process works on. Owns the table of open runs: begins them, finds them for a cancel, abandons them when the lease is
 * lost, and repeats their writes until the outcome is known. What happens to one task is the business of its `TaskRun`.
 */
export class TaskRuns {
  readonly #options: TaskRunsOptions;
  readonly #ports: Omit<TaskRunPorts, 'held' | 'readWhole' | 'requeue' | 'write'>;
  readonly #others: AgentAttemptsPorts;
  readonly #open = new EntryMap<TaskId, OpenRun>();
  readonly #expected = new Set<Promise<unknown>>();
  /** Reads of whole tasks: one at a time, because each may be as large as a task can be. */
  readonly #wholeReads = new FairQueue();

  constructor(options: TaskRunsOptions) {
    this.#options = options;
    this.#others = { ...options.others, clock: options.clock, onSlotsFree: options.onSlotsFree };
    this.#ports = {
      publish: (taskId, events) => {
        options.log.publish(taskId, events);
        options.announce(taskId);
      },
      failureDraft: (task, code) => failureDraft(task, code, options.clock.nowMs()),
      reportUnwritable: options.reportUnwritable,
      nowMs: () => options.clock.nowMs(),
      nextAuditId: () => options.ids.next('ent'),
    };
  }

  get count(): number {
    return this.#open.size;
  }

  /** Whether work may begin, or go on, under this node id. */
  holdsLease(nodeId: NodeId): boolean {
    return this.#options.holdsLease(nodeId);
  }

  has(taskId: TaskId): boolean {
    return this.#open.has(taskId);
  }

  /** The last published sequence of a task that this process works on; null for other tasks. */
  publishedSeqOf(taskId: TaskId): number | null {
    return this.#open.get(taskId)?.run.publishedSeq ?? null;
  }

  /**
   * Counts a message for its agent until its run does; the caller releases it. Waits while the agent or its tenant holds too much, and rejects with
   * `request.rate-limited` or `platform.overloaded` when that takes too long. Null: the message is small.
   */
  async holdMessage(route: Route, bytes: number): Promise<HeldBytes | null> {
    if (bytes <= limits.heldBytesFree) return null;
    const { tenantId, agentId } = route;
    const held = this.#options.budget.open({ tenantId, partyId: agentId, kind: 'agents', keepsBound: true });
    try {
      await held.take(bytes);
    } catch (error) {
      held.release();
      throw error;
    }
    return held;
  }

  /** Whether the runs of a tenant leave room for another one with a message as large as it may be. */
  hasRoom(tenantId: TenantId): boolean {
    const held = this.#options.budget.open({ tenantId, partyId: '', kind: 'agents' });
    const hasRoom = held.hasRoomFor(limits.bodyBytesMax);
    held.release();
    return hasRoom;
  }

  /** Works on the task until it rests or its lease is lost. A task whose lease is lost already is left to the next holder. */
  start(started: StartedTask, assignment: Assignment): TaskRun {
    const { run, attempts } = this.#begin(started, assignment.message);
    if (!run.isLost) void this.#work(started, { run, attempts }, assignment);
    return run;
  }

  /** Ends a task with the cached result of another task. */
  give(started: StartedTask, found: FoundResult): TaskRun {
    const { run } = this.#begin(started, null);
    // A cache hit costs what was reserved for it, whatever a call of the agent costs.
    run.settle(null);
    giveResult(this.#options.clock, run, found);
    return run;
  }

  /** Begins a run only to cancel its task. Meanwhile an interrupted task counts as working. */
  startCancel(started: StartedTask): TaskRun {
    const task = { ...started.view.task, status: { state: 'TASK_STATE_WORKING' as const } };
    const open = this.#begin({ ...started, view: { ...started.view, task } }, null);
    this.#cancel(open);
    return open.run;
  }

  /** Cancels a task that this process works on; false for any other. */
  cancel(taskId: TaskId): boolean {
    const open = this.#open.get(taskId);
    if (open === undefined) return false;
    this.#cancel(open);
    return true;
  }

  /** The lease is lost: every run stops without another write. */
  abandonAll(): void {
    for (const { run } of this.#open.values()) run.abandon();
  }

  /** A recording whose caller waits no longer; `drain` waits for it and for the run that it begins. */
  expect(recording: Promise<unknown>): void {
    this.#expected.add(recording);
    void recording.finally(() => this.#expected.delete(recording));
  }

  /** Resolves when no recording is expected and every run has ended, or when the time is up. Other nodes take over the tasks that are left. */
  async drain(waitMs: number): Promise<void> {
    const { clock } = this.#options;
    const endMs = clock.monotonicMs() + waitMs;
    // What ends may begin another run: a recording does.
    for (let leftMs = waitMs; leftMs > 0; leftMs = endMs - clock.monotonicMs()) {
      const left = [...Array.from(this.#open.values(), ({ run }) => run.finished), ...this.#expected];
      if (left.length === 0) return;
      await within(clock, leftMs, Promise.all(left));
    }
  }

  async #work(
    { route }: StartedTask,
    { run, attempts }: Pick<OpenRun, 'run' | 'attempts'>,
    assignment: Assignment,
  ): Promise<void> {
    const work = (): Promise<void> => workOnTask(this.#options, run, attempts, assignment);
    const call = firstCallOf(run, attempts.call, assignment);
    const finding = call === null ? null : spotOf(this.#options.results, call);
    // A call whose result can not be cached begins at once.
    const spot = finding === null ? null : await finding;
    if (spot === null || assignment.message === null) return work();
    const isOwn = (): boolean => attempts.call.route.agentId === route.agentId;
    const callMicrocredits = attempts.expectedMicrocredits(assignment.message.message);
    return workThroughCache(this.#options, { run, spot, callMicrocredits, isOwn }, work);
  }

  #cancel(open: OpenRun): void {
    if (open.isCanceling || open.run.isLost) return;
    open.isCanceling = true;
    void cancelRun(this.#options, open.run, open.attempts).catch(this.#options.reportUnwritable);
  }

  #begin(started: StartedTask, message: UpstreamMessage | null): OpenRun {
    const { taskId, nodeId, attempt, route, instance } = started;
    const lease = { tenantId: route.tenantId, taskId, nodeId, attempt };
    const { upstreamTaskId, queueing = null } = started;
    // The functions of the run must not keep the task that it began with.
    const { seq } = started.view;
    const run = new TaskRun(
      lease,
      started.view,
      { upstreamTaskId, queueing },
      {
        ...this.#ports,
        held: this.#options.budget.open({ tenantId: lease.tenantId, partyId: route.agentId, kind: 'agents' }),
        readWhole: () =>
          this.#untilKnown(
            () => this.#readWhole(lease, () => run.isOver),
            () => run.isOver,
          ),
        write: (write) => this.#untilWritten(() => this.#options.store.write(write), run),
        requeue: (delayMs) => this.#requeue(run, seq, delayMs),
      },
    );
    const call: UpstreamCall = {
      route,
      instance,
      taskId,
      subject: started.ownerId,
      requestId: started.requestId,
      ...(started.chain === undefined || started.chain === null ? {} : { chain: started.chain }),
      signal: run.signal,
    };
    const open = {
      run,
      attempts: new AgentAttempts(this.#others, run, startOf(started, call, message)),
      isCanceling: false,
    };
    // After a slow recording this process may work on the task already, under a later claim or under the same one.
    const isOvertaken = (this.#open.get(taskId)?.run.lease.attempt ?? 0) >= attempt;
    if (!isOvertaken) this.#open.set(taskId, open);
    void run.finished.then(({ kind }) => {
      this.#close(taskId, open, kind === 'lost');
      if (queueing !== null) this.#options.onSlotsFree(route);
    });
    if (isOvertaken || !this.holdsLease(nodeId)) run.abandon();
    return open;
  }

  #close(taskId: TaskId, open: OpenRun, isLost: boolean): void {
    if (this.#open.get(taskId) === open) this.#open.delete(taskId);
    // The next holder writes elsewhere, so followers read on from the database.
    if (isLost) this.#options.log.notify(taskId);
  }

  /** Null when the run has ended before its turn came. */
  async #readWhole(lease: RunLease, isNeedless: () => boolean): Promise<TaskView | null> {
    const view = await this.#wholeReads.run(lease.tenantId, () => readView(this.#options.store, lease), isNeedless);
    return view === dropped ? null : view;
  }

  #requeue(run: TaskRun, expectedSeq: number, delayMs: number): Promise<WriteOutcome> {
    const requeue = { ...run.lease, expectedSeq, delayMs };
    return this.#untilWritten(() => this.#options.store.requeue(requeue), run);
  }

  /** A write is idempotent. A lost lease ends it. */
  async #untilWritten(write: () => Promise<WriteOutcome>, run: TaskRun): Promise<WriteOutcome> {
    return (await this.#untilKnown(write, () => run.isLost)) ?? 'stale';
  }

  /** Repeats what it asks of the database while that is unavailable or its queue is full. Null when the answer is no longer needed. */
  async #untilKnown<Answer>(ask: () => Promise<Answer>, isNeedless: () => boolean): Promise<Answer | null> {
    for (let delayMs = writeRetryDelayMsMin; ; delayMs = Math.min(delayMs * 2, writeRetryDelayMsMax)) {
      try {
        return await ask();
      } catch (error) {
        if (asPlatformError(error).kind !== 'unavailable') throw error;
        await pause(this.#options.clock, delayMs);
        if (isNeedless()) return null;
      }
    }
  }
}

/** A further message goes to no other agent or instance: only the one that asked for it knows the task. */
function startOf(started: StartedTask, call: UpstreamCall, message: UpstreamMessage | null): AgentAttemptsStart {
  const { origin = started.route, pricing = null, refusal, view, attempt, upstreamTaskId } = started;
  const messages = view.task.history?.filter(({ role }) => role === 'ROLE_USER') ?? [];
  return {
    call,
    origin,
    message: messages.length > 1 ? null : message,
    first: messages[0],
    isNew: attempt === 1 && upstreamTaskId === null,
    pricing,
    ...(refusal === undefined ? {} : { refusal }),
  };
}
