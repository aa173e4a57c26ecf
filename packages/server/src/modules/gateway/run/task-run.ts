import { isTerminal } from '@colloquy/protocol';
import type { Message, Task, TaskState } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { isDeadLetter } from '../../tasks/index.ts';
import type { TaskEnd, TaskEvent, TaskView, TaskWrite, WriteOutcome } from '../../tasks/index.ts';
import { FoldingTask } from './folding-task.ts';
import { mergeAppends } from './merge-appends.ts';
import { taskEndOf } from './task-end.ts';
import { isResting } from './translate-answer.ts';
import type { Draft } from './translate-answer.ts';

/** The lease a run writes under. */
export interface RunLease {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
}

/** What a run has of the queue of its agent; whatever ends it gives back its slots. */
export interface RunDispatch {
  /** How often the task was given to its agent, this time among them. */
  readonly attempts: number;
  /** Milliseconds since 1970; null for none. */
  readonly deadlineAtMs: number | null;
  /** It has the slots of its agent, where that has any; without them nobody of that agent may be asked. */
  readonly holdsSlots: boolean;
}

/** How long the work may still take before the deadline of the task; 0 when it has passed. */
export function leftBeforeDeadline(clock: Pick<Clock, 'nowMs'>, dispatch: RunDispatch | null): number {
  const deadlineAtMs = dispatch?.deadlineAtMs ?? null;
  return deadlineAtMs === null ? Number.POSITIVE_INFINITY : Math.max(0, deadlineAtMs - clock.nowMs());
}

export interface TaskRunPorts {
  /** Retries by itself while the database is away; settles once the outcome is known. */
  readonly write: (write: TaskWrite) => Promise<WriteOutcome>;
  /** Puts the task back into its queue; as `write` settles once the outcome is known. */
  readonly requeue: (delayMs: number) => Promise<WriteOutcome>;
  readonly publish: (taskId: TaskId, events: readonly TaskEvent[]) => void;
  /** A failed status in the platform's words. */
  readonly failureDraft: (task: Task, code: ErrorCode) => Draft;
  readonly reportUnwritable: (error: unknown) => void;
  readonly nowMs: () => number;
  readonly nextAuditId: () => TaskEnd['auditId'];
}

/** How a run stopped: the task rests (ended or interrupted), or another attempt owns it now. */
export type RunOutcome = { readonly kind: 'rested'; readonly view: TaskView } | { readonly kind: 'lost' };

/**
 * The log of one task as its lease holder appends to it. Events wait while a write is under way and then leave together, so
 * the log grows by writes, not by tokens; each is published after its commit.
 */
export class TaskRun {
  readonly lease: RunLease;
  readonly aborter = new AbortController();
  /** The task was canceled before its agent named it: the agent is told as soon as it does. */
  isCanceledUnnamed = false;
  /** What is settled when the task completes, at most what is reserved; null: all of it. */
  priceMicrocredits: bigint | null = null;
  /** What it ends with is the result of another task. */
  isServed = false;
  readonly finished: Promise<RunOutcome>;
  /** Null for a task that never waits in a queue. */
  readonly dispatch: RunDispatch | null;
  readonly #ports: TaskRunPorts;
  /** The task with everything accepted. */
  #accepted: FoldingTask;
  /** The state with everything accepted. */
  #state: TaskState;
  readonly #committed: FoldingTask;
  #reply: Message | null = null;
  /** Sequence of the last event that is committed and published. */
  #publishedSeq: number;
  /** Sequence of the last event that was given to a write. */
  #seq: number;
  /** Size of the log with everything that was given to a write. */
  #logBytes: number;
  #upstreamTaskId: string | null;
  #savedUpstreamTaskId: string | null;
  #lateName: string | null = null;
  #pending: Draft[] = [];
  #flushing: Promise<void> | null = null;
  #failureCode: ErrorCode | null = null;
  /** Something could not be written, and the failure that says so is being written instead. */
  #isLastResort = false;
  #outcome: RunOutcome | null = null;
  #finish: (outcome: RunOutcome) => void = () => undefined;

  constructor(
    lease: RunLease,
    view: Pick<TaskView, 'task' | 'seq' | 'logBytes'>,
    { upstreamTaskId, dispatch }: { readonly upstreamTaskId: string | null; readonly dispatch: RunDispatch | null },
    ports: TaskRunPorts,
  ) {
    this.lease = lease;
    this.dispatch = dispatch;
    this.#accepted = new FoldingTask(view.task);
    this.#state = view.task.status.state;
    this.#committed = new FoldingTask(view.task);
    this.#seq = view.seq;
    this.#publishedSeq = view.seq;
    this.#logBytes = view.logBytes;
    this.#upstreamTaskId = upstreamTaskId;
    this.#savedUpstreamTaskId = upstreamTaskId;
    this.#ports = ports;
    this.finished = new Promise((resolve) => (this.#finish = resolve));
  }

  /** The task with everything accepted so far, committed or not. */
  get task(): Task {
    return this.#accepted.task;
  }

  /** The task as it is committed, which is all that may be shown. */
  get committed(): Task {
    return this.#committed.task;
  }

  /** The task as it was at some time: for its ids, which never change, without a look at all that was said. */
  get earlier(): Task {
    return this.#committed.earlier;
  }

  /** How far the log of the task has been published. */
  get publishedSeq(): number {
    return this.#publishedSeq;
  }

  get upstreamTaskId(): string | null {
    return this.#upstreamTaskId ?? this.#lateName;
  }

  /** Nothing more will be accepted: the task rests or the lease is lost. */
  get isOver(): boolean {
    return this.#outcome !== null || isResting(this.#state);
  }

  /** Another attempt owns the task, or may. */
  get isLost(): boolean {
    return this.#outcome?.kind === 'lost';
  }

  rememberUpstreamTask(id: string): void {
    if (!this.isOver) this.#upstreamTaskId ??= id;
    // Not to be written any more: it may be what no table can hold.
    else if (this.isCanceledUnnamed) this.#lateName ??= id;
  }

  /** Somebody else does the work from now on, and knows the task by no name yet. */
  forgetUpstreamTask(): void {
    this.#upstreamTaskId = null;
    this.#savedUpstreamTaskId = null;
  }

  /** Resolves when nothing that was accepted waits to be written, or nothing will be. */
  async settleWrites(): Promise<void> {
    while (this.#flushing !== null && this.#outcome === null) await this.#flushing;
  }

  /** Nothing was heard of the agent since the task was given to it, as far as the log can tell. */
  get isUnheard(): boolean {
    const isQuiet = this.#pending.length === 0 && this.#flushing === null;
    return isQuiet && this.upstreamTaskId === null && this.#state === 'TASK_STATE_SUBMITTED';
  }

  /** Why the task failed here; null when it did not. */
  get failureCode(): ErrorCode | null {
    return this.#failureCode;
  }

  /** Takes events in order. Those after a resting state are dropped: a task ends once. */
  accept(drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      if (this.isOver) break;
      // The last place is kept for the event that ends the task.
      const full =
        this.#seq + this.#pending.length >= limits.taskEventsMax - 1 || this.#logBytes >= limits.upstreamBytesMax;
      if (full && (draft.state === undefined || !isResting(draft.state))) throw new PlatformError('upstream.too-large');
      this.#accepted.add(draft.response);
      this.#state = draft.state ?? this.#state;
      if (draft.kind === 'reply') this.#reply = draft.response.statusUpdate?.status.message ?? null;
      this.#pending.push(draft);
    }
    this.#startFlush();
  }

  /** Ends the task as failed with a code of the catalogue. `draft` carries the words for people. */
  fail(code: ErrorCode, draft: Draft): void {
    if (this.isOver) return;
    this.#failureCode = code;
    this.accept([draft]);
  }

  /** Gives the task back to its queue, for a later try of whoever claims it then. Only of a run that `isUnheard`. */
  async putOff(delayMs: number): Promise<void> {
    await this.#ports.requeue(delayMs);
    this.#conclude({ kind: 'lost' });
  }

  /** Resolves when what waits is small enough to go on reading the agent. */
  async settleBackpressure(): Promise<void> {
    while (this.#pending.length >= limits.streamBufferEventsMax && this.#flushing !== null) await this.#flushing;
  }

  /** Stops without a word: the lease is, or may be, another's. */
  abandon(): void {
    this.#conclude({ kind: 'lost' });
  }

  #startFlush(): void {
    if (this.#flushing !== null || this.#pending.length === 0 || this.#outcome !== null) return;
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = null;
      this.#startFlush();
    });
  }

  async #flush(): Promise<void> {
    const expectedSeq = this.#seq;
    const { drafts, events } = this.#nextWrite();
    this.#seq += events.length;
    for (const { json } of events) this.#logBytes += json.length;
    const state = drafts.findLast((draft) => draft.state !== undefined)?.state ?? null;
    const outcome = await this.#write(this.#writeOf(expectedSeq, events, state));
    if (this.#outcome !== null || outcome === 'unwritable') return;
    if (outcome === 'stale') return this.#conclude({ kind: 'lost' });
    this.#savedUpstreamTaskId = this.#upstreamTaskId;
    for (const { response } of drafts) this.#committed.add(response);
    this.#publishedSeq = expectedSeq + events.length;
    this.#ports.publish(this.lease.taskId, events);
    if (state !== null && isResting(state)) {
      this.#conclude({
        kind: 'rested',
        view: { task: this.committed, seq: this.#seq, logBytes: this.#logBytes, reply: this.#reply },
      });
    }
  }

  /** Takes what fits into one write from what waits, encoded. */
  #nextWrite(): { readonly drafts: readonly Draft[]; readonly events: readonly TaskEvent[] } {
    const drafts = mergeAppends(this.#pending);
    const events: TaskEvent[] = [];
    let bytes = 0;
    for (const draft of drafts) {
      if (bytes >= limits.taskWriteBytesMax) break;
      const event = encode(draft, this.#seq + events.length + 1);
      bytes += event.json.length;
      events.push(event);
    }
    this.#pending = drafts.slice(events.length);
    return { drafts: drafts.slice(0, events.length), events };
  }

  /** What the database can not hold becomes the task's failure, once; the log goes on from what is committed. */
  async #write(write: TaskWrite): Promise<WriteOutcome | 'unwritable'> {
    try {
      return await this.#ports.write(write);
    } catch (error) {
      this.#ports.reportUnwritable(error);
      if (this.#outcome !== null) return 'unwritable';
      this.#seq = write.expectedSeq;
      this.#accepted = new FoldingTask(this.committed);
      this.#state = this.committed.status.state;
      this.#upstreamTaskId = this.#savedUpstreamTaskId;
      this.#reply = null;
      this.#pending = [];
      if (this.#isLastResort) this.abandon();
      else this.fail('upstream.invalid-answer', this.#ports.failureDraft(this.committed, 'upstream.invalid-answer'));
      this.#isLastResort = true;
      return 'unwritable';
    }
  }

  #writeOf(expectedSeq: number, events: readonly TaskEvent[], state: TaskState | null): TaskWrite {
    const { tenantId, taskId, nodeId, attempt } = this.lease;
    return {
      tenantId,
      taskId,
      nodeId,
      attempt,
      expectedSeq,
      events,
      state,
      statusAtMs: state !== null && isResting(state) ? this.#ports.nowMs() : null,
      upstreamTaskId: this.#upstreamTaskId === this.#savedUpstreamTaskId ? null : this.#upstreamTaskId,
      end: state !== null && isTerminal(state) ? this.#endOf(state) : null,
      ...(this.dispatch === null ? {} : { dispatched: 'held' as const }),
    };
  }

  #endOf(state: TaskState): TaskEnd {
    const end = taskEndOf(state, this.#failureCode, this.#ports.nextAuditId());
    const isDead = this.#failureCode !== null && isDeadLetter(this.#failureCode);
    return {
      ...end,
      ...(this.isServed && state === 'TASK_STATE_COMPLETED' ? { auditAction: 'task.served' } : {}),
      ...(this.priceMicrocredits === null ? {} : { priceMicrocredits: this.priceMicrocredits }),
      ...(isDead ? { isDead } : {}),
    };
  }

  #conclude(outcome: RunOutcome): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    this.#finish(outcome);
    if (outcome.kind === 'lost') this.aborter.abort();
  }
}

function encode(draft: Draft, seq: number): TaskEvent {
  const json = JSON.stringify(draft.response);
  return { seq, kind: draft.kind, json, ...(draft.state === undefined ? {} : { state: draft.state }) };
}
