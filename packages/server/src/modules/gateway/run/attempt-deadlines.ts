import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { ResiliencePolicy } from '../../resilience/index.ts';

/** How long one attempt may stay silent, and take in all. A passed deadline aborts the call of the attempt, never the work on the task. */
export class AttemptDeadlines {
  /** Aborts with the work on the task, and when a deadline has passed. */
  readonly signal: AbortSignal;
  readonly #aborter = new AbortController();
  readonly #cancelFirst: () => void;
  readonly #cancelWhole: () => void;
  #isPassed = false;

  constructor(clock: Clock, { firstAnswerMs, taskMs }: ResiliencePolicy, signal: AbortSignal) {
    const pass = (): void => {
      this.#isPassed = true;
      this.#aborter.abort();
    };
    this.signal = AbortSignal.any([signal, this.#aborter.signal]);
    this.#cancelFirst = firstAnswerMs === null ? () => undefined : clock.after(firstAnswerMs, pass);
    this.#cancelWhole = taskMs === null ? () => undefined : clock.after(taskMs, pass);
  }

  /** The agent answered. */
  heard(): void {
    this.#cancelFirst();
  }

  end(): void {
    this.#cancelFirst();
    this.#cancelWhole();
  }

  /** An abort by a deadline is a timeout of the agent, not a cancel. */
  reasonOf(error: unknown): unknown {
    return this.#isPassed ? new PlatformError('upstream.timeout', { cause: error }) : error;
  }
}

/** Whether the policy sets any deadline. */
export function hasDeadlines({ firstAnswerMs, taskMs }: ResiliencePolicy): boolean {
  return firstAnswerMs !== null || taskMs !== null;
}
