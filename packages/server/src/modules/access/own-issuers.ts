import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';

/** Decides whether tokens of an issuer are ours. */
export interface OwnIssuers {
  /** The issuer of the tokens of this process. */
  readonly own: string;
  /** Rejects with `platform.unavailable` when the issuers of other processes cannot be read. */
  has(issuer: string): boolean | Promise<boolean>;
}

/** Keeps the issuers of a database. */
export interface IssuerStore {
  /** Adds an issuer, or marks it as the newest, and forgets all but the newest `limits.ownIssuersMax`. */
  add(issuer: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** The issuer of a platform with one public address: every process issues its tokens under it. */
export function oneIssuer(own: string): OwnIssuers {
  return { own, has: (issuer) => issuer === own };
}

/**
 * The issuers of a platform without a public address: each process issues tokens under the address that it listens at, and accepts those of the
 * others, which it reads from the database. All sign with the same keys.
 */
export class IssuersOfProcesses implements OwnIssuers {
  readonly own: string;
  readonly #ports: { readonly store: IssuerStore; readonly clock: Clock };
  #known: ReadonlySet<string>;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<ReadonlySet<string>> | null = null;

  constructor(own: string, ports: { readonly store: IssuerStore; readonly clock: Clock }) {
    this.own = own;
    this.#ports = ports;
    this.#known = new Set([own]);
  }

  has(issuer: string): boolean | Promise<boolean> {
    if (this.#known.has(issuer)) return true;
    if (this.#reading === null && this.#ports.clock.monotonicMs() - this.#readAtMs < limits.ownIssuersReadMs)
      return false;
    return this.#read().then((known) => known.has(issuer));
  }

  #read(): Promise<ReadonlySet<string>> {
    this.#reading ??= this.#ports.store
      .list()
      .then((issuers) => {
        this.#known = new Set([this.own, ...issuers]);
        this.#readAtMs = this.#ports.clock.monotonicMs();
        return this.#known;
      })
      .finally(() => (this.#reading = null));
    return this.#reading;
  }
}
