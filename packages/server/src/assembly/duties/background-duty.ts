import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../surfaces/http/index.ts';
import { causesOf } from '../log.ts';

export interface BackgroundDutyOptions {
  /** Does a slice of the work; true when there is more. */
  readonly run: () => Promise<boolean>;
  /** Time between two looks for work. */
  readonly everyMs: number;
  /** With more to do it rests for as long as the last slice took: half of the time is left to those who work for callers. */
  readonly rests?: true;
  /** With more to do it rests for so long at least. Default: not at all. */
  readonly restMsMin?: number;
  /** What the log says when a slice fails. Whoever has the database does it later. */
  readonly failure: string;
  /** Whether this process has the role that works in the background. */
  readonly isWorker: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Work that a process does beside requests, a slice after the other, whenever there is some. */
export class BackgroundDuty {
  readonly #options: BackgroundDutyOptions;
  #cancel: CancelTimer = () => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: BackgroundDutyOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.isWorker) this.#lookAfter(0);
  }

  /** Resolves when the slice under way is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
  }

  #lookAfter(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#looking = this.#look();
    });
  }

  async #look(): Promise<void> {
    const { run, everyMs, rests, restMsMin = 0, failure, clock, log } = this.#options;
    const begunAtMs = clock.monotonicMs();
    let wasBusy = false;
    try {
      wasBusy = await run();
    } catch (error) {
      log.warn({ causes: causesOf(error) }, failure);
    }
    const restMs = rests === true ? Math.min(clock.monotonicMs() - begunAtMs, everyMs) : 0;
    this.#lookAfter(wasBusy ? Math.max(restMs, restMsMin) : everyMs);
  }
}
