import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';

interface CachedAnswer<Value> {
  readonly tenantId: TenantId;
  readonly value: Value;
  readonly bytes: number;
  readonly readAtMs: number;
}

/** When the reading of an answer began. */
export interface ReadingMark {
  readonly atMs: number;
  readonly changes: number;
}

export interface AnswerCacheBounds {
  /** An answer is given from memory for so long, also when no change is heard of. */
  readonly refreshMs: number;
  /** About so much memory is spent on answers; the oldest leave first. */
  readonly bytesMax: number;
}

/** Answers about the agents of tenants, kept until something about the agents of their tenant changes or their time is over. */
export class AnswerCache<Value> {
  readonly #clock: Clock;
  readonly #bounds: AnswerCacheBounds;
  readonly #kept = new Map<string, CachedAnswer<Value>>();
  #bytes = 0;
  /** How often something was forgotten: what was being read then may be older than the change. */
  #changes = 0;

  constructor(clock: Clock, bounds: AnswerCacheBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Null for one that is not kept, or no longer. */
  find(key: string): Value | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    return this.#clock.monotonicMs() - kept.readAtMs < this.#bounds.refreshMs ? kept.value : null;
  }

  /** To be asked before an answer is read. */
  mark(): ReadingMark {
    return { atMs: this.#clock.monotonicMs(), changes: this.#changes };
  }

  /** Keeps an answer that was read since `mark`, unless something changed meanwhile. `bytes`: about what it takes in memory. */
  keep(key: string, answer: Omit<CachedAnswer<Value>, 'readAtMs'>, mark: ReadingMark): void {
    if (mark.changes !== this.#changes) return;
    this.#drop(key);
    this.#kept.set(key, { ...answer, readAtMs: mark.atMs });
    this.#bytes += answer.bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#bounds.bytesMax) return;
      this.#drop(oldest);
    }
  }

  /** The tenant's agents changed. */
  forget(tenantId: TenantId): void {
    this.#changes += 1;
    for (const [key, kept] of this.#kept) if (kept.tenantId === tenantId) this.#drop(key);
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
