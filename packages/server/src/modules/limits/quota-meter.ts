import { limits } from '../../kernel/limits.ts';
import type { QuotaPeriod } from './rate-limit.ts';
import type { Shared, ShareExchange } from './share-exchange.ts';
import type { QuotaTold } from './share-store.ts';
import type { ShareTerms } from './token-bucket.ts';

export interface QuotaMeterPorts {
  readonly terms: ShareTerms;
  readonly exchange: ShareExchange<QuotaTold, number>;
}

/** Whose sends are counted, and in which period. */
export type CountedSends = Omit<QuotaTold, 'sends'>;

/**
 * The sends of one subject in one period, as far as this process may admit them. What it may admit before the next answer is its part of
 * what is left, and no more than twice what it admitted before the last one: the nearer the quota, the smaller the steps.
 */
export class QuotaMeter implements Shared<QuotaTold, number> {
  readonly counted: CountedSends;
  readonly #ports: QuotaMeterPorts;
  #quota: number;
  #own: number;
  #share: number;
  #untold = 0;
  #takenSinceAnswer = 0;
  /** Sends of all processes at the last answer; null before the first. */
  #used: number | null = null;
  #isTouched = false;

  constructor(ports: QuotaMeterPorts, counted: CountedSends, quota: number) {
    this.#ports = ports;
    this.counted = counted;
    this.#quota = quota;
    this.#share = Math.min(limits.quotaShareSendsMin, Math.ceil(quota / ports.terms.processes));
    this.#own = this.#share;
  }

  get period(): QuotaPeriod {
    return this.counted.period;
  }

  get quota(): number {
    return this.#quota;
  }

  /** Whether everything is used, as far as is known; when it is not, another try may come within moments. */
  get isUsedUp(): boolean {
    return this.#used !== null && this.#used + this.#untold >= this.#quota;
  }

  /** Counts one send; false when there is none left for this process now. */
  take(): boolean {
    const isTaken = this.#own >= 1;
    if (isTaken) this.#count(1);
    this.#touch();
    return isTaken;
  }

  /** A send that was counted was none: it was refused, or it is on record already. */
  giveBack(): void {
    this.#count(-1);
    this.#touch();
  }

  /** Another quota from now on. */
  follow(quota: number): void {
    if (quota === this.#quota) return;
    this.#quota = quota;
    if (this.#used !== null) this.#allot(this.#used);
    else this.#own = Math.min(this.#own, quota);
    this.#touch();
  }

  tell(): QuotaTold {
    const told = { ...this.counted, sends: this.#untold };
    this.#untold = 0;
    this.#isTouched = false;
    return told;
  }

  untell({ sends }: QuotaTold): void {
    this.#untold += sends;
    this.#isTouched = true;
  }

  settle(used: number): void {
    this.#used = used;
    this.#allot(used);
    this.#takenSinceAnswer = 0;
  }

  isShort(): boolean {
    return this.#own < this.#share / 2;
  }

  #count(sends: 1 | -1): void {
    this.#own -= sends;
    this.#untold += sends;
    this.#takenSinceAnswer += sends;
  }

  #allot(used: number): void {
    const { processes } = this.#ports.terms;
    const left = Math.max(0, this.#quota - used);
    const part = Math.ceil(left / processes);
    const pace = Math.max(limits.quotaShareSendsMin, 2 * this.#takenSinceAnswer);
    this.#share = processes === 1 ? left : Math.min(part, pace);
    this.#own = Math.max(0, this.#share - this.#untold);
  }

  #touch(): void {
    if (this.#isTouched && !this.isShort()) return;
    this.#isTouched = true;
    this.#ports.exchange.touch(this, this.#used === null);
  }
}
