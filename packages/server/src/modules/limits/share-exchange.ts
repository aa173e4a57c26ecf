import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';

/** Something counted in this process that others count as well. */
export interface Shared<Told, Answer> {
  /** Takes out what is to be told. */
  tell(): Told;
  /** Nobody is known to have heard it. */
  untell(told: Told): void;
  settle(answer: Answer): void;
  /** Whether the next exchange should come soon. */
  isShort(): boolean;
}

export interface ShareExchangeOptions<Told, Answer> {
  readonly clock: Clock;
  /** Tells all of it in one round trip, and gives up by itself. An answer for each; undefined for what was not heard. */
  readonly exchange: (told: readonly Told[]) => Promise<readonly (Answer | undefined)[]>;
  /** Whether other processes live. */
  readonly isShared: () => boolean;
  /** Called when exchanges begin to fail, and when they work again. */
  readonly onChange: (isWorking: boolean) => void;
}

/**
 * Tells the other processes what this one counted, and learns what is left: for everything that was touched since, in one statement,
 * beside the requests and never before them. One exchange is under way at a time; while nothing is touched there is none.
 */
export class ShareExchange<Told, Answer> {
  readonly #options: ShareExchangeOptions<Told, Answer>;
  readonly #touched = new Set<Shared<Told, Answer>>();
  #cancelTurn: CancelTimer | null = null;
  #turnAtMs = Number.POSITIVE_INFINITY;
  #underWay: Promise<void> | null = null;
  #isWorking = true;
  #isStopped = false;
  #lastTurnAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ShareExchangeOptions<Told, Answer>) {
    this.#options = options;
  }

  /** Something was counted. Costs a look-up when it is known already and nothing is short. */
  touch(shared: Shared<Told, Answer>, isNew: boolean): void {
    this.#remember(shared);
    this.#arrange(isNew || shared.isShort());
  }

  /** Tells what is left to tell, once, and then nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTurn?.();
    await this.#underWay;
    if (this.#touched.size > 0 && this.#isWorking) await this.#exchange();
  }

  /** While nobody can be told, what was counted first is forgotten first: it lives by its strict share meanwhile. */
  #remember(shared: Shared<Told, Answer>): void {
    this.#touched.add(shared);
    if (this.#touched.size <= limits.sharesUntoldMax) return;
    for (const oldest of this.#touched) {
      this.#touched.delete(oldest);
      return;
    }
  }

  #arrange(isSoon: boolean): void {
    if (this.#underWay !== null || this.#isStopped) return;
    const { clock, isShared } = this.#options;
    const isUrgent = isSoon && this.#isWorking && isShared();
    if (this.#cancelTurn !== null && !isUrgent) return;
    const nowMs = clock.monotonicMs();
    const spacingMs = isUrgent ? limits.sharesTellSoonMs : limits.sharesTellMs;
    const atMs = isUrgent ? Math.max(nowMs, this.#lastTurnAtMs + spacingMs) : nowMs + spacingMs;
    if (atMs >= this.#turnAtMs) return;
    this.#cancelTurn?.();
    this.#turnAtMs = atMs;
    this.#cancelTurn = clock.after(atMs - nowMs, () => this.#takeTurn());
  }

  #takeTurn(): void {
    this.#cancelTurn = null;
    this.#turnAtMs = Number.POSITIVE_INFINITY;
    this.#lastTurnAtMs = this.#options.clock.monotonicMs();
    this.#underWay = this.#exchange().finally(() => {
      this.#underWay = null;
      if (this.#touched.size === 0) return;
      this.#arrange([...this.#touched].some((shared) => shared.isShort()));
    });
  }

  async #exchange(): Promise<void> {
    const turn = [...this.#touched].slice(0, limits.sharesPerExchangeMax);
    for (const shared of turn) this.#touched.delete(shared);
    const told = turn.map((shared) => shared.tell());
    const answers = await this.#ask(told);
    turn.forEach((shared, at) => {
      const answer = answers?.[at];
      if (answer !== undefined) return shared.settle(answer);
      const words = told[at];
      if (words !== undefined) shared.untell(words);
      this.#remember(shared);
    });
    this.#report(answers !== null);
  }

  async #ask(told: readonly Told[]): Promise<readonly (Answer | undefined)[] | null> {
    try {
      return await this.#options.exchange(told);
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
