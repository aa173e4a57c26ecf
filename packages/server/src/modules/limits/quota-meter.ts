import { limits } from '../../kernel/limits.ts';
import type { QuotaPeriod } from './rate-limit.ts';
import type { Shared, ShareExchange } from './share-exchange.ts';
import type { QuotaReport } from './share-store.ts';
import type { ShareSettings } from './token-bucket.ts';

export interface QuotaMeterPorts {
  readonly settings: ShareSettings;
  readonly exchange: ShareExchange<QuotaReport, number>;
}

/** The subject whose sends are counted, and the period. */
export type CountedSends = Omit<QuotaReport, 'sends'>;

/**
 * The sends of one subject in one period that this process may admit. Before the next exchange it admits at most its share of what is
 * left, and at most twice what it admitted before the last exchange: the closer the quota, the smaller the steps.
 */
export class QuotaMeter implements Shared<QuotaReport, number> {
  readonly counted: CountedSends;
  readonly #ports: QuotaMeterPorts;
  #quota: number;
  #own: number;
  #share: number;
  #unreported = 0;
  #takenSinceAnswer = 0;
  /** Sends of all processes at the last answer; null before the first. */
  #used: number | null = null;
  #isTouched = false;

  constructor(ports: QuotaMeterPorts, counted: CountedSends, quota: number) {
    this.#ports = ports;
    this.counted = counted;
    this.#quota = quota;
    this.#share = Math.min(limits.quotaShareSendsMin, Math.ceil(quota / ports.settings.processes));
    this.#own = this.#share;
  }

  get period(): QuotaPeriod {
    return this.counted.period;
  }

  get quota(): number {
    return this.#quota;
  }

  /** Whether the quota is used up, as far as this process knows. If not, a retry within moments may succeed. */
  get isUsedUp(): boolean {
    return this.#used !== null && this.#used + this.#unreported >= this.#quota;
  }

  /** Counts one send; false when there is none left for this process now. */
  take(): boolean {
    const isTaken = this.#own >= 1;
    if (isTaken) this.#count(1);
    this.#touch();
    return isTaken;
  }

  /** Uncounts a send that was refused or is already recorded. */
  refund(): void {
    this.#count(-1);
    this.#touch();
  }

  /** Applies a changed quota. */
  follow(quota: number): void {
    if (quota === this.#quota) return;
    this.#quota = quota;
    if (this.#used !== null) this.#allot(this.#used);
    else this.#own = Math.min(this.#own, quota);
    this.#touch();
  }

  takeReport(): QuotaReport {
    const reports = { ...this.counted, sends: this.#unreported };
    this.#unreported = 0;
    this.#isTouched = false;
    return reports;
  }

  returnReport({ sends }: QuotaReport): void {
    this.#unreported += sends;
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
    this.#unreported += sends;
    this.#takenSinceAnswer += sends;
  }

  #allot(used: number): void {
    const { processes } = this.#ports.settings;
    const left = Math.max(0, this.#quota - used);
    const part = Math.ceil(left / processes);
    const pace = Math.max(limits.quotaShareSendsMin, 2 * this.#takenSinceAnswer);
    this.#share = processes === 1 ? left : Math.min(part, pace);
    this.#own = Math.max(0, this.#share - this.#unreported);
  }

  #touch(): void {
    if (this.#isTouched && !this.isShort()) return;
    this.#isTouched = true;
    this.#ports.exchange.touch(this, this.#used === null);
  }
}
