import type { IncomingHttpHeaders } from 'node:http';
import { PlatformError } from '../../kernel/errors.ts';

export interface PageRulesOptions {
  /** Origins whose pages may read answers, each exact: `https://console.example.org`. */
  readonly corsOrigins: readonly string[];
  /**
   * Host names by which the platform may be asked for, when the client is on this machine: any page that a browser here shows can
   * reach it, and can make a name of its own lead to it (DNS rebinding). Null: clients are elsewhere.
   */
  readonly hosts: ReadonlySet<string> | null;
}

/** The CORS fields of an answer to a page of an allowed origin; constant, so that they are built once. */
const exposedFields =
  'x-request-id, retry-after, ratelimit, ratelimit-policy, www-authenticate, dpop-nonce, a2a-version, a2a-extensions';
const preflightFields = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'authorization, x-api-key, content-type, dpop, idempotency-key, last-event-id, a2a-version, a2a-extensions, x-request-id',
  'access-control-max-age': '600',
} as const;

/** Which pages in browsers may speak with the platform: none, unless an operator has allowed it. */
export class PageRules {
  readonly #fieldsOf: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly #hosts: ReadonlySet<string> | null;

  constructor({ corsOrigins, hosts }: PageRulesOptions) {
    this.#hosts = hosts;
    this.#fieldsOf = new Map(
      corsOrigins.map((origin) => [
        origin,
        { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposedFields, vary: 'Origin' },
      ]),
    );
  }

  /** Throws `request.foreign-host` for what a page of elsewhere makes a browser on this machine send. */
  assertKnown({ host, origin }: IncomingHttpHeaders): void {
    if (this.#hosts === null) return;
    const isKnown = host !== undefined && this.#hosts.has(hostNameOf(host));
    if (!isKnown) throw new PlatformError('request.foreign-host');
    if (origin === undefined || this.#fieldsOf.has(origin)) return;
    const page = URL.parse(origin);
    if (page === null || !this.#hosts.has(page.hostname)) throw new PlatformError('request.foreign-host');
  }

  /** Fields of the answer to a page of this origin; null when it may not read the answer. */
  fieldsFor(origin: string | undefined): Readonly<Record<string, string>> | null {
    return origin === undefined ? null : (this.#fieldsOf.get(origin) ?? null);
  }
}

/** Fields that answer the question of a browser whether a page may ask (Fetch standard, section 3.3). Null: it is no such question. */
export function preflightFieldsFor(
  method: string | undefined,
  headers: IncomingHttpHeaders,
): Readonly<Record<string, string>> | null {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined ? preflightFields : null;
}

function hostNameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}
