import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';

/** Handles notifications that rights changed, together when they arrive within `limits.accessNotificationMsMin`, so that a flood costs little. */
export class AccessNotifications {
  readonly #clock: Clock;
  readonly #handle: (tenants: ReadonlySet<TenantId | null>) => void;
  #waiting = new Set<TenantId | null>();
  #cancelTimer: CancelTimer | null = null;

  constructor(clock: Clock, handle: (tenants: ReadonlySet<TenantId | null>) => void) {
    this.#clock = clock;
    this.#handle = handle;
  }

  notify(tenantId: TenantId | null): void {
    this.#waiting.add(tenantId);
    this.#cancelTimer ??= this.#clock.after(limits.accessNotificationMsMin, () => {
      const tenants = this.#waiting;
      this.#waiting = new Set();
      this.#cancelTimer = null;
      this.#handle(tenants);
    });
  }

  stop(): void {
    this.#cancelTimer?.();
  }
}
