import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';

interface CachedAnswer<Value> {
  readonly tenantId: TenantId;
  readonly value: Value;
  readonly bytes: number;
  readonly readAtMs: number;
}

/** The moment when the reading of an answer began. */
export interface ReadingMark {
  readonly atMs: number;
  readonly changes: number;
}

export interface AnswerCacheBounds {
  /** TTL of a cached answer, in case a notification is lost. */
  readonly refreshMs: number;
  /** Approximate memory for answers; the oldest are dropped first. */
  readonly bytesMax: number;
}

/** Caches answers about the agents of tenants. An answer is dropped when an agent of its tenant changes, and after its TTL. */
export class AnswerCache<Value> {
  readonly #clock: Clock;
  readonly #bounds: AnswerCacheBounds;
  readonly #kept = new Map<string, CachedAnswer<Value>>();
  #bytes = 0;
  /** Counts calls of `forget`. An answer that was being read during one may be older than the change. */
  #changes = 0;

  constructor(clock: Clock, bounds: AnswerCacheBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** The cached answer; null when there is none or its TTL is over. */
  find(key: string): Value | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    return this.#clock.monotonicMs() - kept.readAtMs < this.#bounds.refreshMs ? kept.value : null;
  }

  /** Call this before reading an answer, and pass the mark to `keep`. */
  mark(): ReadingMark {
    return { atMs: this.#clock.monotonicMs(), changes: this.#changes };
  }

  /** Caches an answer that was read since `mark`, unless something changed meanwhile. `bytes`: its approximate size in memory. */
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

  /** Drops the answers of a tenant, because its agents changed. */
  forget(tenantId: TenantId): void {
    this.#changes += 1;
    for (const [key, kept] of this.#kept) if (kept.tenantId === tenantId) this.#drop(key);
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
