import type { Standing } from '../../kernel/caller.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import type { RevocationStore } from './revocation-store.ts';

export interface StandingWatchPorts {
  readonly revocations: Pick<RevocationStore, 'findFallen'>;
  readonly clock: Clock;
}

interface Followed {
  readonly standing: Standing;
  readonly ends: Set<() => void>;
}

/**
 * Ends what outlives the request that it came by, such as an open stream, once the rights it lives on have fallen. It looks at all
 * that is followed every `limits.standingLookMs`, and at once when told that rights changed; while the database is away it goes on
 * trying. What shares a credential is looked up once.
 */
export class StandingWatch {
  readonly #ports: StandingWatchPorts;
  readonly #followed = new Map<string, Followed>();
  #cancelLook: CancelTimer | null = null;
  #looking: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(ports: StandingWatchPorts) {
    this.#ports = ports;
  }

  /** Calls `end`, once, when the standing has fallen; the result stops following. */
  follow(standing: Standing, end: () => void): CancelTimer {
    const key = keyOf(standing);
    const known = this.#followed.get(key) ?? { standing, ends: new Set<() => void>() };
    this.#followed.set(key, known);
    known.ends.add(end);
    this.#lookLater();
    return () => {
      if (!known.ends.delete(end) || known.ends.size > 0) return;
      if (this.#followed.get(key) === known) this.#followed.delete(key);
      if (this.#followed.size === 0) this.close();
    };
  }

  /** Rights changed somewhere. Looks that are asked for while one is under way share the next one. */
  look(): Promise<void> {
    if (this.#followed.size === 0) return Promise.resolve();
    const under = this.#looking;
    if (under === null) return (this.#looking = this.#lookAtAll().finally(() => (this.#looking = null)));
    // What it has read already may be from before.
    this.#next ??= under
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.look();
      });
    return this.#next;
  }

  /** A key of ours is not believed any more: what lives on its tokens ends. */
  endOfKey(keyId: string): void {
    for (const [key, { standing }] of this.#followed) if (standing.keyId === keyId) this.#end(key);
  }

  /** Looks no more by itself. */
  close(): void {
    this.#cancelLook?.();
    this.#cancelLook = null;
  }

  #lookLater(): void {
    this.#cancelLook ??= this.#ports.clock.after(limits.standingLookMs, () => {
      this.#cancelLook = null;
      void this.look()
        .catch(() => undefined)
        .finally(() => this.#lookLaterIfNeeded());
    });
  }

  #lookLaterIfNeeded(): void {
    if (this.#followed.size > 0) this.#lookLater();
  }

  async #lookAtAll(): Promise<void> {
    const all = [...this.#followed];
    for (let start = 0; start < all.length; start += limits.standingsPerLookMax) {
      const slice = all.slice(start, start + limits.standingsPerLookMax);
      // One after the other, so that many streams do not take all connections.
      const fallen = await this.#ports.revocations.findFallen(slice.map(([, { standing }]) => standing));
      for (const place of fallen) {
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

function keyOf({ tenantId, revocable, parties, roles }: Standing): string {
  return [tenantId, ...revocable, ...parties, roles?.narrowings].join(' ');
}
