import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';

/** Obeys hints that rights changed; those that arrive within `limits.accessNotificationMsMin` together, so that a flood of changes costs little. */
export class AccessNotifications {
  readonly #clock: Clock;
  readonly #obey: (tenants: ReadonlySet<TenantId | null>) => void;
  #waiting = new Set<TenantId | null>();
  #cancelTurn: CancelTimer | null = null;

  constructor(clock: Clock, obey: (tenants: ReadonlySet<TenantId | null>) => void) {
    this.#clock = clock;
    this.#obey = obey;
  }

  notify(tenantId: TenantId | null): void {
    this.#waiting.add(tenantId);
    this.#cancelTurn ??= this.#clock.after(limits.accessNotificationMsMin, () => {
      const tenants = this.#waiting;
      this.#waiting = new Set();
      this.#cancelTurn = null;
      this.#obey(tenants);
    });
  }

  stop(): void {
    this.#cancelTurn?.();
  }
}
