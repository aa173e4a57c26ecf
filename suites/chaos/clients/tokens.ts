import { accessToken } from '@colloquy/bench/process/admin-api';
import type { RunTenant } from '@colloquy/bench/process/tenants';

/** A token is asked for anew after this time; it lives for twice as long. */
const tokenMs = 5 * 60_000;

/** The access token of one tenant's program, fetched once for all that use it. */
export class Tokens {
  readonly #tenant: RunTenant;
  #token: { readonly value: Promise<string>; readonly fetchedMs: number } | undefined;

  constructor(tenant: RunTenant) {
    this.#tenant = tenant;
  }

  /** A token that is good at every process; asked for at `url` when there is none. Rejects when that can not be reached. */
  at(url: string): Promise<string> {
    const nowMs = performance.now();
    if (this.#token !== undefined && nowMs - this.#token.fetchedMs < tokenMs) return this.#token.value;
    const token = { value: accessToken(url, this.#tenant.client), fetchedMs: nowMs };
    this.#token = token;
    token.value.catch(() => {
      if (this.#token === token) this.#token = undefined;
    });
    return token.value;
  }
}
