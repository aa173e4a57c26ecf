import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../surfaces/http/index.ts';
import { causesOf } from '../log.ts';

export interface BackgroundDutyOptions {
  /** Does one slice of the work; true when there is more. */
  readonly run: () => Promise<boolean>;
  /** Time between two slices when there is no more work. */
  readonly everyMs: number;
  /** With more work the duty rests for as long as the last slice took: half of the time is left to requests. */
  readonly rests?: true;
  /** With more work the duty rests for at least this long. Default: not at all. */
  readonly restMsMin?: number;
  /** What the log says when a slice fails. The next slice, of this or another process, does the work. */
  readonly failure: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Work that a process does beside requests, one slice after the other. */
export class BackgroundDuty {
  readonly #options: BackgroundDutyOptions;
  #cancel: CancelTimer = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: BackgroundDutyOptions) {
    this.#options = options;
  }

  start(): void {
    this.#runAfter(0);
  }

  /** Resolves when the current slice is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }

  #runAfter(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#running = this.#runSlice();
    });
  }

  async #runSlice(): Promise<void> {
    const { run, everyMs, rests, restMsMin = 0, failure, clock, log } = this.#options;
    const begunAtMs = clock.monotonicMs();
    let wasBusy = false;
    try {
      wasBusy = await run();
    } catch (error) {
      log.warn({ causes: causesOf(error) }, failure);
    }
    const restMs = rests === true ? Math.min(clock.monotonicMs() - begunAtMs, everyMs) : 0;
    this.#runAfter(wasBusy ? Math.max(restMs, restMsMin) : everyMs);
  }
}
