import type { Clock } from '../../kernel/clock.ts';
import { asPlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { breakerMachine } from './breaker-machine.ts';
import type { BreakerEvent, BreakerState } from './breaker-machine.ts';
import type { BreakerCause, BreakerStatus, BreakerStore, BreakerSubject, Fault } from './breaker-store.ts';

interface BreakerPorts {
  readonly store: BreakerStore;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

const claimRetryMs = 1_000;

/** The breaker of one instance as this process knows it. */
export class Breaker {
  readonly #subject: BreakerSubject;
  readonly #ports: BreakerPorts;
  #state: BreakerState = 'closed';
  #cause: BreakerCause = 'fault';
  /** Consecutive faults, as far as this process knows. */
  #failures = 0;
  /** Faults among them that are not written yet. */
  #unreported = 0;
  /** The longest `Retry-After` among the consecutive faults. */
  #askedMs = 0;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #openUntilMs = 0;
  /** The task whose call is the probe; null while no task has taken it. */
  #probeTaskId: string | null = null;
  #probeUntilMs = 0;
  #nextClaimAtMs = 0;
  /** Calls of the store, one after another. */
  #work: Promise<void> = Promise.resolve();
  /** Writes among them that have not finished. */
  #pendingWrites = 0;

  constructor(subject: BreakerSubject, ports: BreakerPorts) {
    this.#subject = subject;
    this.#ports = ports;
  }

  /** While a write is pending, the store may be older than this breaker. */
  get hasPendingWrites(): boolean {
    return this.#pendingWrites > 0;
  }

  /** The state for a call now. When a probe is due, it is claimed in the background. */
  currentState(): BreakerState {
    if (this.#state === 'closed') return 'closed';
    const nowMs = this.#ports.clock.monotonicMs();
    if (this.#state === 'half-open') {
      if (nowMs < this.#probeUntilMs) return this.#probeTaskId === null ? 'half-open' : 'open';
      this.#state = 'open';
      this.#probeTaskId = null;
    }
    if (nowMs >= this.#openUntilMs && nowMs >= this.#nextClaimAtMs) this.#claimProbe(nowMs);
    return 'open';
  }

  openForMs(): number {
    if (this.#state === 'closed') return 0;
    return Math.max(claimRetryMs, this.#openUntilMs - this.#ports.clock.monotonicMs());
  }

  takeProbe(taskId: string): boolean {
    if (this.#state === 'closed') return true;
    if (this.currentState() !== 'half-open') return false;
    this.#probeTaskId = taskId;
    return true;
  }

  noteAnswer(taskId: string): void {
    const isProbe = this.#isProbe(taskId);
    if (!isProbe && (this.#state !== 'closed' || this.#failures === 0)) return;
    this.#move(isProbe ? 'probe-answer' : 'answer');
    this.#failures = 0;
    this.#unreported = 0;
    this.#askedMs = 0;
    this.#write(() => this.#ports.store.noteAnswer(this.#subject, isProbe));
  }

  noteFault(taskId: string, { cause, askedMs }: Fault): void {
    const nowMs = this.#ports.clock.monotonicMs();
    const isProbe = this.#isProbe(taskId);
    // A call that began before the breaker opened says nothing new.
    if (this.#state !== 'closed' && !isProbe) return;
    const isInARow = this.#cause === cause && nowMs - this.#failedAtMs < limits.breakerFaultsWithinMs;
    this.#failures = isInARow ? this.#failures + 1 : 1;
    this.#unreported = isInARow ? this.#unreported + 1 : 1;
    this.#askedMs = isInARow ? Math.max(this.#askedMs, askedMs) : askedMs;
    this.#cause = cause;
    this.#failedAtMs = nowMs;
    const isLast = this.#failures >= limits.breakerFaultsMax;
    this.#move(isProbe ? 'probe-fault' : isLast ? 'last-fault' : 'fault');
    if (this.#state === 'open')
      this.#openUntilMs = nowMs + Math.min(Math.max(limits.breakerOpenMs, this.#askedMs), limits.breakerOpenMsMax);
    this.#write(() => this.#writeFaults(isProbe));
  }

  /** Takes over the shared status, unless writes of this process are pending. */
  learn({ cause, failures, openForMs }: BreakerStatus): void {
    if (this.hasPendingWrites) return;
    const nowMs = this.#ports.clock.monotonicMs();
    this.#cause = cause;
    this.#failures = failures;
    this.#failedAtMs = nowMs;
    if (openForMs === null) {
      this.#state = 'closed';
      this.#probeTaskId = null;
      return;
    }
    if (this.#state === 'closed') this.#state = 'open';
    this.#openUntilMs = nowMs + openForMs;
    // A probe of another process failed meanwhile.
    if (openForMs > 0 && this.#state === 'half-open' && this.#probeTaskId === null) this.#state = 'open';
  }

  #isProbe(taskId: string): boolean {
    return this.#state === 'half-open' && this.#probeTaskId === taskId;
  }

  #move(event: BreakerEvent): void {
    this.#state = breakerMachine[this.#state][event];
    if (this.#state !== 'half-open') this.#probeTaskId = null;
  }

  #claimProbe(nowMs: number): void {
    this.#nextClaimAtMs = nowMs + claimRetryMs;
    this.#enqueue(async () => {
      if (this.#state !== 'open' || !(await this.#ports.store.claimProbe(this.#subject))) return;
      this.#move('probe-granted');
      this.#probeUntilMs = this.#ports.clock.monotonicMs() + limits.breakerProbeMs;
    });
  }

  async #writeFaults(isProbe: boolean): Promise<void> {
    const failures = this.#unreported;
    if (failures === 0) return;
    this.#unreported = 0;
    const note = { ...this.#subject, cause: this.#cause, failures, isProbe, askedMs: this.#askedMs };
    const status = await this.#ports.store.noteFaults(note);
    // The shared breaker is open, by faults of other processes too: follow it.
    if (status === null || status.openForMs === null) return;
    if (this.#state === 'closed') this.#move('last-fault');
    if (this.#state === 'open') this.#openUntilMs = this.#ports.clock.monotonicMs() + status.openForMs;
  }

  #write(work: () => Promise<unknown>): void {
    this.#pendingWrites += 1;
    this.#enqueue(work, () => (this.#pendingWrites -= 1));
  }

  /** A write that fails is dropped. Without the database no new task is sent anyway, and this process keeps its own state. */
  #enqueue(work: () => Promise<unknown>, onDone: () => void = () => undefined): void {
    this.#work = this.#work
      .then(async () => void (await work()))
      .catch((error: unknown) => {
        if (asPlatformError(error).kind !== 'unavailable') this.#ports.report(error);
      })
      .finally(onDone);
  }
}
