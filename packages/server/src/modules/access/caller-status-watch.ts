import type { CallerStatus } from '../../kernel/caller.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import type { RevocationStore } from './revocation-store.ts';

export interface CallerStatusWatchPorts {
  readonly revocations: Pick<RevocationStore, 'findRevoked'>;
  readonly clock: Clock;
}

interface Followed {
  readonly status: CallerStatus;
  readonly ends: Set<() => void>;
}

/**
 * Ends open streams, which outlive the request that opened them, once their caller's rights are revoked. It checks every followed status
 * each `limits.callerStatusCheckMs`, and at once after a notification that rights changed. While the database cannot be reached it keeps
 * trying. Streams of one credential share one check.
 */
export class CallerStatusWatch {
  readonly #ports: CallerStatusWatchPorts;
  readonly #followed = new Map<string, Followed>();
  #cancelCheck: CancelTimer | null = null;
  #checking: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(ports: CallerStatusWatchPorts) {
    this.#ports = ports;
  }

  /** Calls `end` once when the status is no longer valid. The returned function stops following. */
  follow(status: CallerStatus, end: () => void): CancelTimer {
    const key = keyOf(status);
    const known = this.#followed.get(key) ?? { status, ends: new Set<() => void>() };
    this.#followed.set(key, known);
    known.ends.add(end);
    this.#checkLater();
    return () => {
      if (!known.ends.delete(end) || known.ends.size > 0) return;
      if (this.#followed.get(key) === known) this.#followed.delete(key);
      if (this.#followed.size === 0) this.close();
    };
  }

  /** Checks now, because rights changed somewhere. Calls during a running check share the next check. */
  check(): Promise<void> {
    if (this.#followed.size === 0) return Promise.resolve();
    const under = this.#checking;
    if (under === null) return (this.#checking = this.#checkAll().finally(() => (this.#checking = null)));
    // The running check may have read its rows before the change.
    this.#next ??= under
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.check();
      });
    return this.#next;
  }

  /** One of our signing keys was dropped: streams that were opened with its tokens end. */
  endOfKey(keyId: string): void {
    for (const [key, { status }] of this.#followed) if (status.keyId === keyId) this.#end(key);
  }

  /** Stops the timer of the regular checks. */
  close(): void {
    this.#cancelCheck?.();
    this.#cancelCheck = null;
  }

  #checkLater(): void {
    this.#cancelCheck ??= this.#ports.clock.after(limits.callerStatusCheckMs, () => {
      this.#cancelCheck = null;
      void this.check()
        .catch(() => undefined)
        .finally(() => this.#checkLaterIfNeeded());
    });
  }

  #checkLaterIfNeeded(): void {
    if (this.#followed.size > 0) this.#checkLater();
  }

  async #checkAll(): Promise<void> {
    const all = [...this.#followed];
    for (let start = 0; start < all.length; start += limits.callerStatusesPerCheckMax) {
      const slice = all.slice(start, start + limits.callerStatusesPerCheckMax);
      // The slices run one after the other, so that many streams do not take all database connections.
      const revoked = await this.#ports.revocations.findRevoked(slice.map(([, { status }]) => status));
      for (const place of revoked) {
        const [key] = slice[place] ?? [];
        if (key !== undefined) this.#end(key);
      }
    }
  }

  #end(key: string): void {
    const ends = this.#followed.get(key)?.ends ?? [];
    this.#followed.delete(key);
    for (const end of ends) end();
    if (this.#followed.size === 0) this.close();
  }
}

function keyOf({ tenantId, revocable, parties, roles }: CallerStatus): string {
  return [tenantId, ...revocable, ...parties, roles?.narrowings].join(' ');
}
