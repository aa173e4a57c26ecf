import type { Clock } from '../../kernel/clock.ts';
import type { Shared, ShareExchange } from './share-exchange.ts';
import type { SharedBucket } from './share-store.ts';
import { isShort, newBucket, setRate, settle, take, takeReport, returnReport, waitMs } from './token-bucket.ts';
import type { Bucket, BucketReport, Rate, ShareSettings } from './token-bucket.ts';

/** What all meters of a process share. */
export interface MeterPorts {
  readonly clock: Clock;
  readonly settings: ShareSettings;
  readonly exchange: ShareExchange<BucketReport, SharedBucket>;
}

/** One rate limit as this process measures it. */
export class RateMeter implements Shared<BucketReport, SharedBucket> {
  readonly #ports: MeterPorts;
  readonly #bucket: Bucket;
  #isTouched = false;

  constructor(ports: MeterPorts, key: string, rate: Rate) {
    this.#ports = ports;
    this.#bucket = newBucket(key, rate, ports.settings.processes, ports.clock.monotonicMs());
  }

  get rate(): Rate {
    return this.#bucket.rate;
  }

  /** Counts one request. 0 when it is within the rate; otherwise the milliseconds after which a retry is likely to be. */
  count(nowMs: number): number {
    const { settings } = this.#ports;
    const isNew = this.#bucket.shared === null;
    const isTaken = take(this.#bucket, nowMs, settings);
    if (!this.#isTouched || (settings.processes > 1 && isShort(this.#bucket, settings.processes))) this.#touch(isNew);
    return isTaken ? 0 : waitMs(this.#bucket, settings.processes);
  }

  /** Milliseconds after which one more is likely to be within the rate; 0 when it is now. Counts nothing. */
  blockedMs(nowMs: number): number {
    const { settings } = this.#ports;
    // Take and refund, so that the bucket is filled as for a real request.
    if (!take(this.#bucket, nowMs, settings)) return waitMs(this.#bucket, settings.processes);
    this.refund();
    return 0;
  }

  /** Uncounts a request that was counted a moment ago and refused for another reason. */
  refund(): void {
    this.#bucket.own += 1;
    this.#bucket.unreported -= 1;
  }

  /** Applies a changed rate. */
  follow(rate: Rate): void {
    const { burst, perSecond } = this.#bucket.rate;
    if (rate.burst === burst && rate.perSecond === perSecond) return;
    setRate(this.#bucket, { perSecond: rate.perSecond, burst: rate.burst }, this.#ports.settings.processes);
  }

  takeReport(): BucketReport {
    this.#isTouched = false;
    return takeReport(this.#bucket);
  }

  returnReport(reports: BucketReport): void {
    this.#isTouched = true;
    returnReport(this.#bucket, reports);
  }

  settle({ tokens }: SharedBucket): void {
    const { clock, settings } = this.#ports;
    settle(this.#bucket, tokens, clock.monotonicMs(), settings);
  }

  isShort(): boolean {
    return isShort(this.#bucket, this.#ports.settings.processes);
  }

  #touch(isNew: boolean): void {
    this.#isTouched = true;
    this.#ports.exchange.touch(this, isNew);
  }
}
