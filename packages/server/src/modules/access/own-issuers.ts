import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';

/** Decides whether tokens of an issuer are ours. */
export interface OwnIssuers {
  /** The issuer of the tokens of this process. */
  readonly own: string;
  /** Rejects with `platform.unavailable` for an issuer that is not known while the issuers of other processes cannot be read. */
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
  /** The newest read, when it failed: it is the answer until the next one, so that an outage meets no more reads than other times. */
  #failed: Promise<ReadonlySet<string>> | null = null;

  constructor(own: string, ports: { readonly store: IssuerStore; readonly clock: Clock }) {
    this.own = own;
    this.#ports = ports;
    this.#known = new Set([own]);
  }

  has(issuer: string): boolean | Promise<boolean> {
    if (this.#known.has(issuer)) return true;
    const isRecent = this.#ports.clock.monotonicMs() - this.#readAtMs < limits.ownIssuersReadMs;
    if (this.#reading === null && isRecent && this.#failed === null) return false;
    const answer = this.#reading === null && isRecent ? this.#failed : null;
    return (answer ?? this.#read()).then((known) => known.has(issuer));
  }

  #read(): Promise<ReadonlySet<string>> {
    this.#reading ??= this.#ports.store
      .list()
      .then(
        (issuers) => {
          this.#failed = null;
          return (this.#known = new Set([this.own, ...issuers]));
        },
        (error: unknown) => {
          this.#failed = this.#reading;
          throw error;
        },
      )
      .finally(() => {
        this.#readAtMs = this.#ports.clock.monotonicMs();
        this.#reading = null;
      });
    return this.#reading;
  }
}
