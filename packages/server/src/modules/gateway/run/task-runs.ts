import type { Clock } from '../../../kernel/clock.ts';
import { pause } from '../../../kernel/clock.ts';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { PlatformError } from '../../../kernel/errors.ts';
import type { IdSource, NodeId, TaskId } from '../../../kernel/ids.ts';
import { SlotMap } from '../../../kernel/slot-map.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import type { DelegationChain, TaskLog, TaskStore, TaskView, WriteOutcome } from '../../tasks/index.ts';
import type { Bulkheads } from './bulkheads.ts';
import type { CallObserver } from './call-observer.ts';
import type { FoundResult, ResultCache } from '../../results/index.ts';
import { firstCallOf, giveResult, spotOf, workThroughCache } from '../send/cached-work.ts';
import { failureDraft } from './failure-draft.ts';
import { TaskRun } from './task-run.ts';
import type { RunDispatch, TaskRunPorts } from './task-run.ts';
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
  /** Who else may do the work. */
  readonly others: Omit<AgentAttemptsPorts, 'onSlotsFree'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Whether this process still works under this identity; nothing is begun for one that it has given up. */
  readonly holdsLease: (nodeId: NodeId) => boolean;
  /** Tells other processes that a task's log grew; coalesced and lossy. */
  readonly announce: (taskId: TaskId) => void;
  readonly reportUnwritable: (error: unknown) => void;
  /** A task that held slots, or may have, is not worked on here any more. */
  readonly onSlotsFree: (route: Route) => void;
  /** 0 to 1, at random. */
  readonly chance: () => number;
}

/** A task to be worked on here, under a lease that the database has granted. */
export interface StartedTask {
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
  readonly view: Pick<TaskView, 'task' | 'seq' | 'logBytes'>;
  /** Of the agent that does the work. */
  readonly route: Route;
  readonly instance: AgentInstance;
  /** Of the agent that the task was sent to; absent: the same. */
  readonly origin?: Route;
  /** Why the agent is not even asked: another one may be. */
  readonly refusal?: PlatformError;
  readonly ownerId: string;
  readonly requestId: string;
  readonly upstreamTaskId: string | null;
  /** Absent or null for a task that nobody delegated and that has no budget. */
  readonly chain?: DelegationChain | null;
  /** Only of a task that may wait in a queue. */
  readonly dispatch?: RunDispatch;
}

interface OpenRun {
  readonly run: TaskRun;
  readonly attempts: AgentAttempts;
  /** The agent is told once, however often the wish to cancel is read. */
  isCanceling: boolean;
}

const writeRetryDelayMsMin = 50;
const writeRetryDelayMsMax = 1_000;

/** Every task that this process works on. */
export class TaskRuns {
  readonly #options: TaskRunsOptions;
  readonly #ports: Omit<TaskRunPorts, 'requeue' | 'write'>;
  readonly #others: AgentAttemptsPorts;
  readonly #open = new SlotMap<TaskId, OpenRun>();

  constructor(options: TaskRunsOptions) {
    this.#options = options;
    this.#others = { ...options.others, onSlotsFree: options.onSlotsFree };
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

  /** Whether work may be begun, or go on, under this identity of the process. */
  holdsLease(nodeId: NodeId): boolean {
    return this.#options.holdsLease(nodeId);
  }

  has(taskId: TaskId): boolean {
    return this.#open.has(taskId);
  }

  /** How far the log of a task that is worked on here has been published; null for other tasks. */
  publishedSeqOf(taskId: TaskId): number | null {
    return this.#open.get(taskId)?.run.publishedSeq ?? null;
  }

  /** Works on the task until it rests or its lease is lost; a lease that is lost already is left to its next holder. */
  start(started: StartedTask, assignment: Assignment): TaskRun {
    const { run, attempts } = this.#begin(started, assignment.message);
    if (!run.isLost) void this.#work(started, { run, attempts }, assignment);
    return run;
  }

  /** Ends a task with a result that another one fetched. */
  give(started: StartedTask, found: FoundResult): TaskRun {
    const { run } = this.#begin(started, null);
    giveResult(this.#options.clock, run, found);
    return run;
  }

  /** Takes a task under work only to cancel it. While it is, an interrupted task counts as working. */
  startCancel(started: StartedTask): TaskRun {
    const task = { ...started.view.task, status: { state: 'TASK_STATE_WORKING' as const } };
    const open = this.#begin({ ...started, view: { ...started.view, task } }, null);
    this.#cancel(open);
    return open.run;
  }

  /** Cancels a task that is worked on here; false when it is not. */
  cancel(taskId: TaskId): boolean {
    const open = this.#open.get(taskId);
    if (open === undefined) return false;
    this.#cancel(open);
    return true;
  }

  /** The lease is gone: every run stops without another write. */
  abandonAll(): void {
    for (const { run } of this.#open.values()) run.abandon();
  }

  /** Resolves when nothing is worked on any more or the time is up; what is left goes to the other nodes. */
  async drain(waitMs: number): Promise<void> {
    const finished = Promise.all([...this.#open.values()].map(({ run }) => run.finished));
    await Promise.race([finished, pause(this.#options.clock, waitMs)]);
  }

  async #work(
    { route }: StartedTask,
    { run, attempts }: Pick<OpenRun, 'run' | 'attempts'>,
    assignment: Assignment,
  ): Promise<void> {
    const work = (): Promise<void> => workOnTask(this.#options, run, attempts, assignment);
    const said = firstCallOf(run, attempts.call, assignment);
    const finding = said === null ? null : spotOf(this.#options.results, said);
    // Calls that have no place in the cache begin at once.
    const spot = finding === null ? null : await finding;
    if (spot === null) return work();
    const isOwn = (): boolean => attempts.call.route.agentId === route.agentId;
    return workThroughCache(this.#options, { run, spot, route, isOwn }, work);
  }

  #cancel(open: OpenRun): void {
    if (open.isCanceling || open.run.isLost) return;
    open.isCanceling = true;
    void cancelRun(this.#options, open.run, open.attempts).catch(this.#options.reportUnwritable);
  }

  #begin(started: StartedTask, message: UpstreamMessage | null): OpenRun {
    const { taskId, nodeId, attempt, route, instance } = started;
    const lease = { tenantId: route.tenantId, taskId, nodeId, attempt };
    const { upstreamTaskId, dispatch = null } = started;
    const run = new TaskRun(
      lease,
      started.view,
      { upstreamTaskId, dispatch },
      {
        ...this.#ports,
        write: (write) => this.#untilKnown(() => this.#options.store.write(write), run),
        requeue: (delayMs) => this.#requeue(run, started.view.seq, delayMs),
      },
    );
    const call: UpstreamCall = {
      route,
      instance,
      taskId,
      subject: started.ownerId,
      requestId: started.requestId,
      ...(started.chain === undefined || started.chain === null ? {} : { chain: started.chain }),
      signal: run.aborter.signal,
    };
    const open = {
      run,
      attempts: new AgentAttempts(this.#others, run, startOf(started, call, message)),
      isCanceling: false,
    };
    // A recording whose answer took long may find its task at work already, under a later claim, or under the very same.
    const isOvertaken = (this.#open.get(taskId)?.run.lease.attempt ?? 0) >= attempt;
    if (!isOvertaken) this.#open.set(taskId, open);
    void run.finished.then(({ kind }) => {
      this.#close(taskId, open, kind === 'lost');
      if (dispatch !== null) this.#options.onSlotsFree(route);
    });
    if (isOvertaken || !this.holdsLease(nodeId)) run.abandon();
    return open;
  }

  #close(taskId: TaskId, open: OpenRun, isLost: boolean): void {
    if (this.#open.get(taskId) === open) this.#open.delete(taskId);
    // Followers of a lost run read on from the log, where the next holder writes.
    if (isLost) this.#options.log.notify(taskId);
  }

  #requeue(run: TaskRun, expectedSeq: number, delayMs: number): Promise<WriteOutcome> {
    const requeue = { ...run.lease, expectedSeq, delayMs };
    return this.#untilKnown(() => this.#options.store.requeue(requeue), run);
  }

  /** A write may be repeated, so a database that is away and a full queue only delay it; a lost lease ends it. */
  async #untilKnown(write: () => Promise<WriteOutcome>, run: TaskRun): Promise<WriteOutcome> {
    for (let delayMs = writeRetryDelayMsMin; ; delayMs = Math.min(delayMs * 2, writeRetryDelayMsMax)) {
      try {
        return await write();
      } catch (error) {
        if (asPlatformError(error).kind !== 'unavailable') throw error;
        await pause(this.#options.clock, delayMs);
        if (run.isLost) return 'stale';
      }
    }
  }
}

/** A further turn is for the agent that asked for it, so nobody else hears it. */
function startOf(started: StartedTask, call: UpstreamCall, message: UpstreamMessage | null): AgentAttemptsStart {
  const { origin = started.route, refusal, view, attempt, upstreamTaskId } = started;
  const turns = view.task.history?.filter(({ role }) => role === 'ROLE_USER') ?? [];
  return {
    call,
    origin,
    message: turns.length > 1 ? null : message,
    first: turns[0],
    isNew: attempt === 1 && upstreamTaskId === null,
    ...(refusal === undefined ? {} : { refusal }),
  };
}
