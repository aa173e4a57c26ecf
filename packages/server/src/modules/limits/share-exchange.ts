import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';

/** A meter of this process that shares its limit with other processes. */
export interface Shared<Report, Answer> {
  /** Takes out the unreported usage. */
  takeReport(): Report;
  /** Puts a report back that the store may not have received. */
  returnReport(reports: Report): void;
  settle(answer: Answer): void;
  /** Whether the next exchange should come soon. */
  isShort(): boolean;
}

export interface ShareExchangeOptions<Report, Answer> {
  readonly clock: Clock;
  /** Sends all reports in one round trip, with a timeout of its own. One answer for each; undefined for a report that was not received. */
  readonly exchange: (reports: readonly Report[]) => Promise<readonly (Answer | undefined)[]>;
  /** Whether other processes are alive. */
  readonly isShared: () => boolean;
  /** Called when exchanges begin to fail, and when they work again. */
  readonly onChange: (isWorking: boolean) => void;
}

/**
 * Reports this process's usage to the shared store and learns what is left: for every meter that was touched since, in one statement,
 * beside the requests and never in front of them. One exchange runs at a time; without a touched meter there is none.
 */
export class ShareExchange<Report, Answer> {
  readonly #options: ShareExchangeOptions<Report, Answer>;
  readonly #touched = new Set<Shared<Report, Answer>>();
  #cancelTimer: CancelTimer | null = null;
  #nextAtMs = Number.POSITIVE_INFINITY;
  #underWay: Promise<void> | null = null;
  #isWorking = true;
  #isStopped = false;
  #lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ShareExchangeOptions<Report, Answer>) {
    this.#options = options;
  }

  /** A meter counted something. Costs one lookup when the meter waits for an exchange already and is not short. */
  touch(shared: Shared<Report, Answer>, isNew: boolean): void {
    this.#remember(shared);
    this.#schedule(isNew || shared.isShort());
  }

  /** Reports the remaining usage once, and then stops. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    await this.#underWay;
    if (this.#touched.size > 0 && this.#isWorking) await this.#exchange();
  }

  /** While the store is away, the oldest unreported meter is forgotten first: it keeps to its strict share meanwhile. */
  #remember(shared: Shared<Report, Answer>): void {
    this.#touched.add(shared);
    if (this.#touched.size <= limits.sharesUnreportedMax) return;
    for (const oldest of this.#touched) {
      this.#touched.delete(oldest);
      return;
    }
  }

  #schedule(isSoon: boolean): void {
    if (this.#underWay !== null || this.#isStopped) return;
    const { clock, isShared } = this.#options;
    const isUrgent = isSoon && this.#isWorking && isShared();
    if (this.#cancelTimer !== null && !isUrgent) return;
    const nowMs = clock.monotonicMs();
    const spacingMs = isUrgent ? limits.sharesExchangeSoonMs : limits.sharesExchangeMs;
    const atMs = isUrgent ? Math.max(nowMs, this.#lastAtMs + spacingMs) : nowMs + spacingMs;
    if (atMs >= this.#nextAtMs) return;
    this.#cancelTimer?.();
    this.#nextAtMs = atMs;
    this.#cancelTimer = clock.after(atMs - nowMs, () => this.#runExchange());
  }

  #runExchange(): void {
    this.#cancelTimer = null;
    this.#nextAtMs = Number.POSITIVE_INFINITY;
    this.#lastAtMs = this.#options.clock.monotonicMs();
    this.#underWay = this.#exchange().finally(() => {
      this.#underWay = null;
      if (this.#touched.size === 0) return;
      this.#schedule([...this.#touched].some((shared) => shared.isShort()));
    });
  }

  async #exchange(): Promise<void> {
    const batch = [...this.#touched].slice(0, limits.sharesPerExchangeMax);
    for (const shared of batch) this.#touched.delete(shared);
    const reports = batch.map((shared) => shared.takeReport());
    const answers = await this.#ask(reports);
    batch.forEach((shared, at) => {
      const answer = answers?.[at];
      if (answer !== undefined) return shared.settle(answer);
      const words = reports[at];
      if (words !== undefined) shared.returnReport(words);
      this.#remember(shared);
    });
    this.#report(answers !== null);
  }

  async #ask(reports: readonly Report[]): Promise<readonly (Answer | undefined)[] | null> {
    try {
      return await this.#options.exchange(reports);
    } catch {
      return null;
    }
  }

  #report(isWorking: boolean): void {
    if (this.#isWorking === isWorking) return;
    this.#isWorking = isWorking;
    this.#options.onChange(isWorking);
  }
}
