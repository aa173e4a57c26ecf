import type { Clock } from '../../kernel/clock.ts';
import type { Shared, ShareExchange } from './share-exchange.ts';
import type { SharedBucket } from './share-store.ts';
import { isShort, newBucket, setRate, settle, take, tell, untell, waitMs } from './token-bucket.ts';
import type { Bucket, BucketTold, Rate, ShareTerms } from './token-bucket.ts';

/** What all meters of a process stand on. */
export interface MeterPorts {
  readonly clock: Clock;
  readonly terms: ShareTerms;
  readonly exchange: ShareExchange<BucketTold, SharedBucket>;
}

/** One rate as this process measures it. */
export class RateMeter implements Shared<BucketTold, SharedBucket> {
  readonly #ports: MeterPorts;
  readonly #bucket: Bucket;
  #isTouched = false;

  constructor(ports: MeterPorts, key: string, rate: Rate) {
    this.#ports = ports;
    this.#bucket = newBucket(key, rate, ports.terms.processes, ports.clock.monotonicMs());
  }

  get rate(): Rate {
    return this.#bucket.rate;
  }

  /** Counts one. 0 when it is within the rate; otherwise the milliseconds after which another try is likely to be. */
  count(nowMs: number): number {
    const { terms } = this.#ports;
    const isNew = this.#bucket.shared === null;
    const isTaken = take(this.#bucket, nowMs, terms);
    if (!this.#isTouched || (terms.processes > 1 && isShort(this.#bucket, terms.processes))) this.#touch(isNew);
    return isTaken ? 0 : waitMs(this.#bucket, terms.processes);
  }

  /** Milliseconds after which one more is likely to be within the rate; 0 when it is now. Counts nothing. */
  blockedMs(nowMs: number): number {
    const { terms } = this.#ports;
    // What is taken is given back, so that the fill is that of a real try.
    if (!take(this.#bucket, nowMs, terms)) return waitMs(this.#bucket, terms.processes);
    this.giveBack();
    return 0;
  }

  /** What was counted a moment ago is not to count: it was refused for another reason. */
  giveBack(): void {
    this.#bucket.own += 1;
    this.#bucket.untold -= 1;
  }

  /** Measures by another rate from now on. */
  follow(rate: Rate): void {
    const { burst, perSecond } = this.#bucket.rate;
    if (rate.burst === burst && rate.perSecond === perSecond) return;
    setRate(this.#bucket, { perSecond: rate.perSecond, burst: rate.burst }, this.#ports.terms.processes);
  }

  tell(): BucketTold {
    this.#isTouched = false;
    return tell(this.#bucket);
  }

  untell(told: BucketTold): void {
    this.#isTouched = true;
    untell(this.#bucket, told);
  }

  settle({ tokens }: SharedBucket): void {
    const { clock, terms } = this.#ports;
    settle(this.#bucket, tokens, clock.monotonicMs(), terms);
  }

  isShort(): boolean {
    return isShort(this.#bucket, this.#ports.terms.processes);
  }

  #touch(isNew: boolean): void {
    this.#isTouched = true;
    this.#ports.exchange.touch(this, isNew);
  }
}
