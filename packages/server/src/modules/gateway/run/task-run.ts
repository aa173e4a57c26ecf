import { isTerminal } from '@colloquy/protocol';
import type { Message, StreamResponse, Task, TaskState } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import type { HeldBytes } from '../../../kernel/byte-budget.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { encodeUsage } from '../../prices/index.ts';
import { isDeadLetter } from '../../tasks/index.ts';
import type { TaskEnd, TaskEvent, TaskView, TaskWrite, WriteOutcome } from '../../tasks/index.ts';
import { FoldingTask } from './folding-task.ts';
import { mergeAppends } from './merge-appends.ts';
import { taskEndOf } from './task-end.ts';
import type { TaskMeter } from './task-meter.ts';
import { isResting } from './translate-answer.ts';
import type { Draft } from './translate-answer.ts';

/** The lease a run writes under. */
export interface RunLease {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
}

/** The attempts, deadline and slots of a task that uses its agent's queue. When the run ends, its concurrency slots are freed. */
export interface RunQueueing {
  /** How often the task was given to its agent, this attempt included. */
  readonly attempts: number;
  /** Milliseconds since 1970; null for none. */
  readonly deadlineAtMs: number | null;
  /** The task holds a slot where its agent has a concurrency limit. Without one, no instance of that agent may be asked. */
  readonly holdsSlots: boolean;
}

/** Milliseconds left before the deadline of the task; 0 when it has passed. */
export function leftBeforeDeadline(clock: Pick<Clock, 'nowMs'>, queueing: RunQueueing | null): number {
  const deadlineAtMs = queueing?.deadlineAtMs ?? null;
  return deadlineAtMs === null ? Number.POSITIVE_INFINITY : Math.max(0, deadlineAtMs - clock.nowMs());
}

export interface TaskRunPorts {
  /** Retries while the database is unavailable; settles once the outcome is known. */
  readonly write: (write: TaskWrite) => Promise<WriteOutcome>;
  /** Puts the task back into its queue. Retries and settles as `write` does. */
  readonly requeue: (delayMs: number) => Promise<WriteOutcome>;
  /**
   * The whole task as it is committed, which waits for its turn when the runs of this process need many. Retries while the database is
   * unavailable, for a message that was sent can not be unsent; null when the run ends meanwhile.
   */
  readonly readWhole: () => Promise<TaskView | null>;
  /** Counts the bytes of the run. */
  readonly held: HeldBytes;
  readonly publish: (taskId: TaskId, events: readonly TaskEvent[]) => void;
  /** The event of a failure that the platform itself reports. */
  readonly failureDraft: (task: Task, code: ErrorCode) => Draft;
  readonly reportUnwritable: (error: unknown) => void;
  readonly nowMs: () => number;
  readonly nextAuditId: () => TaskEnd['auditId'];
}

/** How a run stopped: the task rests (it ended, or waits for its caller), or the lease is lost to another attempt. */
export type RunOutcome =
  /** `view`: null when the task is too large to be kept in memory. */
  { readonly kind: 'rested'; readonly view: TaskView | null } | { readonly kind: 'lost' };

/**
 * The log of one task, to which the holder of the task's lease appends. Events wait while a write is under way and then leave together, so
 * the log grows by writes, not by tokens. Each event is published after its commit.
 *
 * Owns everything that the end of the task depends on: the events, the state, the agent's id for the task, whether it was canceled, what is
 * settled, and the signal that ends the calls to agents. Other classes change these only by the methods here.
 */
export class TaskRun {
  readonly lease: RunLease;
  readonly finished: Promise<RunOutcome>;
  /** Null for a task that never waits in a queue. */
  readonly queueing: RunQueueing | null;
  readonly #aborter = new AbortController();
  readonly #ports: TaskRunPorts;
  /** The task with every accepted event. */
  #accepted: FoldingTask;
  /** The state after every accepted event. */
  #state: TaskState;
  readonly #committed: FoldingTask;
  #reply: Message | null = null;
  /** Sequence of the last event that is committed and published. */
  #publishedSeq: number;
  /** Sequence of the last event that was given to a write. */
  #seq: number;
  /** Size of the log with everything that was given to a write. */
  #logBytes: number;
  #isCanceledUnnamed = false;
  #price: bigint | TaskMeter | null = null;
  #isFromCache = false;
  #upstreamTaskId: string | null;
  #savedUpstreamTaskId: string | null;
  #lateName: string | null = null;
  #pending: Draft[] = [];
  #flushing: Promise<void> | null = null;
  #failureCode: ErrorCode | null = null;
  /** Events could not be written, and the failure that says so is being written instead. */
  #isLastResort = false;
  /** The artifacts are only in the database: the task is large, or its agent has no room for more. */
  #isLean = false;
  #acceptedCount = 0;
  #hasArtifacts: boolean;
  /** About the bytes of the task that is kept, of its messages alone, and of events that wait for their write. */
  #keptBytes: number;
  #messageBytes: number;
  #unwrittenBytes = 0;
  #outcome: RunOutcome | null = null;
  #finish: (outcome: RunOutcome) => void = () => undefined;

  constructor(
    lease: RunLease,
    view: Pick<TaskView, 'task' | 'seq' | 'logBytes'>,
    { upstreamTaskId, queueing }: { readonly upstreamTaskId: string | null; readonly queueing: RunQueueing | null },
    ports: TaskRunPorts,
  ) {
    this.lease = lease;
    this.queueing = queueing;
    this.#accepted = new FoldingTask(view.task);
    this.#state = view.task.status.state;
    this.#committed = new FoldingTask(view.task);
    this.#seq = view.seq;
    this.#publishedSeq = view.seq;
    this.#logBytes = view.logBytes;
    this.#keptBytes = view.logBytes;
    this.#hasArtifacts = (view.task.artifacts ?? []).length > 0;
    this.#messageBytes = this.#hasArtifacts ? weightOf(view.task.history) : view.logBytes;
    this.#upstreamTaskId = upstreamTaskId;
    this.#savedUpstreamTaskId = upstreamTaskId;
    this.#ports = ports;
    this.finished = new Promise((resolve) => (this.#finish = resolve));
    this.#count();
  }

  /** The task with everything accepted so far, committed or not. */
  get task(): Task {
    return this.#accepted.task;
  }

  /** The task as it is committed, which is all that may be shown. */
  get committed(): Task {
    return this.#committed.task;
  }

  /** The artifacts are missing in `task` and `committed`. */
  get isLean(): boolean {
    return this.#isLean;
  }

  /** The log has artifacts, whether or not `task` still does. */
  get hasArtifacts(): boolean {
    return this.#hasArtifacts;
  }

  /** Events accepted so far. Progress is a larger number: `task` may be another object although nothing was said. */
  get acceptedCount(): number {
    return this.#acceptedCount;
  }

  /** Makes `task` whole until the next event is accepted: an agent's snapshot is compared with it. */
  async recall(): Promise<void> {
    await this.settleWrites();
    if (this.isOver) return;
    const whole = await this.#ports.readWhole();
    if (whole === null || this.isOver) return;
    this.#accepted = new FoldingTask(whole.task);
    this.#ports.held.set(whole.logBytes + this.#unwrittenBytes);
  }

  /** The task at an earlier moment, without folding the latest events: for its ids, which never change. */
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

  /** Aborts when the calls to agents have to end; see `hangUp`. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  /** Ends the calls to agents. The log goes on: whatever ends the task may still be appended. */
  hangUp(): void {
    this.#aborter.abort();
  }

  /** Nothing more will be accepted: the task rests or the lease is lost. */
  get isOver(): boolean {
    return this.#outcome !== null || isResting(this.#state);
  }

  /** Another attempt owns the task, or may. */
  get isLost(): boolean {
    return this.#outcome?.kind === 'lost';
  }

  /** The agent's id for the task, which is written with the next events. */
  rememberUpstreamTask(id: string): void {
    if (!this.isOver) this.#upstreamTaskId ??= id;
    // Kept in memory only: an id that comes this late is no longer written.
    else if (this.#isCanceledUnnamed) this.#lateName ??= id;
  }

  /** Another instance does the work from now on, and has given the task no id yet. */
  forgetUpstreamTask(): void {
    this.#upstreamTaskId = null;
    this.#savedUpstreamTaskId = null;
  }

  /** The task was canceled before its agent named it; the agent is told once it does. */
  get isCanceledUnnamed(): boolean {
    return this.#isCanceledUnnamed;
  }

  /** Cancels a task that its agent has not named yet. Its calls go on, to learn the agent's id for it. */
  cancelUnnamed(draft: Draft): void {
    this.#isCanceledUnnamed = true;
    this.accept([draft]);
  }

  /**
   * Settles so much when the task completes, or what the meter says then, and releases the rest of the reservation. Of what the meter says above
   * the reservation, the overage policy of the tenant decides. With null, and unless called, all of the
   * reservation is settled.
   */
  settle(price: bigint | TaskMeter | null): void {
    this.#price = price;
  }

  /** Ends the task with the cached result of another task. */
  endFromCache(drafts: readonly Draft[]): void {
    this.#isFromCache = true;
    this.accept(drafts);
  }

  /** Resolves when every accepted event is written, or when none will be. */
  async settleWrites(): Promise<void> {
    while (this.#flushing !== null && this.#outcome === null) await this.#flushing;
  }

  /** The log holds nothing from the agent yet. */
  get isUnheard(): boolean {
    const isQuiet = this.#pending.length === 0 && this.#flushing === null;
    return isQuiet && this.upstreamTaskId === null && this.#state === 'TASK_STATE_SUBMITTED';
  }

  /** Why the run failed the task; null when it did not. */
  get failureCode(): ErrorCode | null {
    return this.#failureCode;
  }

  /** Accepts events in order. Events after a resting state are dropped: a task ends once. */
  accept(drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      if (this.isOver) break;
      // The last sequence is reserved for the event that ends the task.
      const full =
        this.#seq + this.#pending.length >= limits.taskEventsMax - 1 || this.#logBytes >= limits.upstreamBytesMax;
      if (full && (draft.state === undefined || !isResting(draft.state))) throw new PlatformError('upstream.too-large');
      this.#keep(draft);
      this.#state = draft.state ?? this.#state;
      if (draft.kind === 'reply') this.#reply = draft.response.statusUpdate?.status.message ?? null;
      this.#pending.push(draft);
    }
    // What was recalled is no longer needed.
    if (this.#isLean) this.#count();
    this.#startFlush();
  }

  /** Ends the task as failed with a code of the catalogue. `draft` is the event that says so to people. */
  fail(code: ErrorCode, draft: Draft): void {
    if (this.isOver) return;
    this.#failureCode = code;
    this.accept([draft]);
  }

  /** Puts the task back into its queue for a later attempt. Only for a run that `isUnheard`. */
  async requeue(delayMs: number): Promise<void> {
    await this.#ports.requeue(delayMs);
    this.#conclude({ kind: 'lost' });
  }

  /** Resolves when few enough events wait for their write to read on from the agent. */
  async settleBackpressure(): Promise<void> {
    while (this.#isFull && this.#flushing !== null && this.#outcome === null) await this.#flushing;
  }

  get #isFull(): boolean {
    return this.#pending.length >= limits.streamBufferEventsMax || this.#unwrittenBytes > limits.taskUnwrittenBytesMax;
  }

  /** Stops without another write: the lease is lost, or may be. */
  abandon(): void {
    this.#conclude({ kind: 'lost' });
  }

  /** Adds an event to the task, and forgets the artifacts of a task that has grown too large. */
  #keep({ response }: Draft): void {
    this.#acceptedCount += 1;
    if (typeof this.#price === 'object') this.#price?.hear(response);
    this.#hasArtifacts ||= response.artifactUpdate !== undefined;
    const weight = weightOf(response);
    this.#unwrittenBytes += weight;
    this.#keptBytes += weight;
    if (response.artifactUpdate === undefined) this.#messageBytes += weight;
    fold(this.#accepted, response, this.#isLean);
    this.#count();
  }

  #count(): void {
    const { held } = this.#ports;
    const isKept = this.#keptBytes <= limits.runKeptBytesMax && held.mayKeep(this.#keptBytes + this.#unwrittenBytes);
    if (this.#isLean || !isKept) this.#forgetArtifacts();
    held.set(this.#keptBytes + this.#unwrittenBytes);
  }

  #countWritten(events: readonly TaskEvent[]): void {
    const bytes = events.reduce((sum, { json }) => sum + json.length, 0);
    this.#unwrittenBytes = this.#pending.length === 0 ? 0 : Math.max(0, this.#unwrittenBytes - bytes);
    this.#count();
  }

  /** The messages stay: they tell what the agent was asked, and are counted. */
  #forgetArtifacts(): void {
    this.#isLean = true;
    this.#keptBytes = this.#messageBytes;
    for (const one of [this.#accepted, this.#committed]) one.forgetArtifacts();
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
    for (const { response } of drafts) fold(this.#committed, response, this.#isLean);
    this.#countWritten(events);
    this.#publishedSeq = expectedSeq + events.length;
    this.#ports.publish(this.lease.taskId, events);
    if (state !== null && isResting(state)) {
      this.#conclude({
        kind: 'rested',
        view: this.#isLean
          ? null
          : { task: this.committed, seq: this.#seq, logBytes: this.#logBytes, reply: this.#reply },
      });
    }
  }

  /** Encodes as many waiting events as fit into one write. */
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

  /** Events that the database refuses become the task's failure, once; the log continues from what is committed. */
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
      this.#unwrittenBytes = 0;
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
      ...(this.queueing === null ? {} : { queuePlace: 'held' as const }),
    };
  }

  #endOf(state: TaskState): TaskEnd {
    const end = taskEndOf(state, this.#failureCode, this.#ports.nextAuditId());
    const isDead = this.#failureCode !== null && isDeadLetter(this.#failureCode);
    return {
      ...end,
      ...(this.#isFromCache && state === 'TASK_STATE_COMPLETED' ? { auditAction: 'task.served' } : {}),
      ...priceOf(this.#price, end),
      ...(isDead ? { isDead } : {}),
    };
  }

  #conclude(outcome: RunOutcome): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    this.#ports.held.release();
    this.#finish(outcome);
    if (outcome.kind === 'lost') this.#aborter.abort();
  }
}

/** Null: all of the reservation is settled. Only what was measured may cost more than that. */
function priceOf(price: bigint | TaskMeter | null, { closing }: TaskEnd): Partial<TaskEnd> {
  if (price === null) return {};
  if (typeof price === 'bigint') return { priceMicrocredits: price };
  const priceMicrocredits = price.microcredits;
  if (closing !== 'settle') return { priceMicrocredits };
  return { priceMicrocredits, isMetered: true, usage: JSON.stringify(encodeUsage(price.usage)) };
}

/** Of a large task only its state and its messages are followed. */
function fold(task: FoldingTask, response: StreamResponse, isLean: boolean): void {
  if (!isLean || response.artifactUpdate === undefined) task.add(response);
}

function encode(draft: Draft, seq: number): TaskEvent {
  const json = JSON.stringify(draft.response);
  return { seq, kind: draft.kind, json, ...(draft.state === undefined ? {} : { state: draft.state }) };
}

/** About as many bytes as a JSON value takes, without writing it. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length + nodeBytes;
  if (typeof value !== 'object' || value === null) return nodeBytes;
  let weight = nodeBytes;
  for (const member of Object.values(value)) weight += nodeBytes + weightOf(member);
  return weight;
}

const nodeBytes = 16;
