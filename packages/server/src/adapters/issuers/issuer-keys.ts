import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { IssuerDocuments, IssuerPlace } from '../../modules/issuers/index.ts';
import type { IssuerKey } from './issuer-key.ts';
import { readIssuerKeys } from './read-issuer-keys.ts';

export interface IssuerKeysPorts {
  readonly documents: IssuerDocuments;
  readonly clock: Clock;
}

/** The known keys of one issuer. Times are monotonic. */
interface KnownKeys {
  keys: ReadonlyMap<string, IssuerKey>;
  /** When they were fetched last; null: never. */
  fetchedAtMs: number | null;
  triedAtMs: number;
  hasFailed: boolean;
  fetching: Promise<void> | null;
}

/**
 * The keys of issuers, fetched when a token needs them: one fetch of an issuer at a time, and no two within `limits.issuerKeysReadMs`. An
 * unknown key id asks for a fetch, keys in use get one every `limits.issuerKeysRefreshMs`, and while the issuer is away they hold for
 * `limits.issuerKeysHeldMs`. Kept by tenant and whole identifier, because tenants may reach different
 * addresses; at most `limits.issuerKeySetsMax` of them.
 */
export class IssuerKeys {
  readonly #ports: IssuerKeysPorts;
  readonly #known = new Map<string, KnownKeys>();

  constructor(ports: IssuerKeysPorts) {
    this.#ports = ports;
  }

  /** The key of this id; null when the issuer has none. Rejects with `platform.unavailable` when the keys cannot be fetched now. */
  async find(place: IssuerPlace, kid: string): Promise<IssuerKey | null> {
    const known = this.#of(place);
    const key = this.#ageMs(known) < limits.issuerKeysHeldMs ? known.keys.get(kid) : undefined;
    if (key !== undefined) {
      if (this.#ageMs(known) >= limits.issuerKeysRefreshMs) void this.#fetchAgain(place, known);
      return key;
    }
    await this.#fetchAgain(place, known);
    if (known.hasFailed) throw new PlatformError('platform.unavailable');
    return known.keys.get(kid) ?? null;
  }

  /** Moves the most recently used issuer to the end. */
  #of({ tenantId, issuer }: IssuerPlace): KnownKeys {
    const name = `${tenantId} ${issuer}`;
    const known = this.#known.get(name) ?? newcomer();
    keepNewest(this.#known, name, known, limits.issuerKeySetsMax);
    return known;
  }

  /** Never rejects; without a fetch when the last one was a moment ago. */
  #fetchAgain(place: IssuerPlace, known: KnownKeys): Promise<void> {
    const nowMs = this.#ports.clock.monotonicMs();
    if (known.fetching === null && nowMs - known.triedAtMs < limits.issuerKeysReadMs) return Promise.resolve();
    return (known.fetching ??= this.#fetch(place, known, nowMs));
  }

  async #fetch(place: IssuerPlace, known: KnownKeys, nowMs: number): Promise<void> {
    known.triedAtMs = nowMs;
    try {
      known.keys = await readIssuerKeys(this.#ports.documents, place);
      known.fetchedAtMs = nowMs;
      known.hasFailed = false;
    } catch {
      known.hasFailed = true;
    } finally {
      known.fetching = null;
    }
  }

  #ageMs({ fetchedAtMs }: KnownKeys): number {
    return fetchedAtMs === null ? Number.POSITIVE_INFINITY : this.#ports.clock.monotonicMs() - fetchedAtMs;
  }
}

function newcomer(): KnownKeys {
  const triedAtMs = Number.NEGATIVE_INFINITY;
  return { keys: new Map(), fetchedAtMs: null, triedAtMs, hasFailed: true, fetching: null };
}
