import { hash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Identity } from './identity.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';
import type { TokenVerifier } from './token-verifier.ts';

export interface AuthenticatorPorts {
  readonly verifier: TokenVerifier;
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly clock: Clock;
}

interface CheckedToken {
  readonly identity: Identity;
  /** Monotonic time of the check's start: what the database said after it is not older. */
  readonly checkedAtMs: number;
  nextCheckAtMs: number;
}

const bearerShape = /^bearer ([A-Za-z0-9_.~+/=-]+)$/i;
/** A token in use is checked anew this long before it must be, so that nobody waits for it. */
const checkAheadMs = limits.tokenCacheMs * 0.4;
const retryCheckMs = 250;

/**
 * Turns an Authorization header into an identity. Checked tokens are kept by the SHA-256 of the whole token, at most
 * `limits.tokenCacheEntriesMax`, each for at most `limits.tokenCacheMs` and never past its end.
 */
export class Authenticator {
  readonly #ports: AuthenticatorPorts;
  readonly #checked = new Map<string, CheckedToken>();
  readonly #checking = new Map<string, Promise<Identity>>();

  constructor(ports: AuthenticatorPorts) {
    this.#ports = ports;
  }

  /**
   * The identity behind `Authorization: Bearer …` (RFC 6750 section 2.1), at once when the token was checked a moment ago.
   * Throws or rejects with `access.unauthenticated` for anything else, and with `platform.unavailable` when it can not be judged.
   */
  authenticate(authorization: string | undefined): Identity | Promise<Identity> {
    const token = bearerToken(authorization);
    const key = hash('sha256', token, 'base64');
    const known = this.#checked.get(key);
    if (known === undefined) return this.#checking.get(key) ?? this.#check(key, token);
    const { clock } = this.#ports;
    const nowMs = clock.monotonicMs();
    const isUsable = nowMs - known.checkedAtMs < limits.tokenCacheMs && clock.nowMs() < known.identity.expiresAtMs;
    if (!isUsable) return this.#checking.get(key) ?? this.#check(key, token);
    if (nowMs >= known.nextCheckAtMs && !this.#checking.has(key)) this.#checkAhead(key, token, known);
    return known.identity;
  }

  #check(key: string, token: string): Promise<Identity> {
    const checkedAtMs = this.#ports.clock.monotonicMs();
    const checking = this.#judge(token)
      .then((identity) => this.#keep(key, identity, checkedAtMs))
      .catch((error: unknown) => this.#forget(key, error))
      .finally(() => this.#checking.delete(key));
    this.#checking.set(key, checking);
    return checking;
  }

  /** A refusal takes effect at once; while the database is away the last answer holds to the end of its time. */
  #checkAhead(key: string, token: string, known: CheckedToken): void {
    known.nextCheckAtMs = this.#ports.clock.monotonicMs() + retryCheckMs;
    void this.#check(key, token).catch(() => undefined);
  }

  async #judge(token: string): Promise<Identity> {
    const claims = await this.#ports.verifier.verify(token);
    if (claims === null) throw new PlatformError('access.unauthenticated');
    const client = await this.#ports.clients.find(claims.clientId);
    const isTheOne = client !== null && client.tenant.id === claims.tenantId && client.kind === claims.principalKind;
    if (!isTheOne || client.isRevoked) throw new PlatformError('access.unauthenticated');
    return {
      principal: { kind: client.kind, id: client.clientId },
      tenant: client.tenant,
      scopes: new Set(claims.scopes.filter((scope) => client.scopes.includes(scope))),
      expiresAtMs: claims.expiresAtMs,
    };
  }

  #keep(key: string, identity: Identity, checkedAtMs: number): Identity {
    this.#checked.delete(key);
    this.#checked.set(key, { identity, checkedAtMs, nextCheckAtMs: checkedAtMs + limits.tokenCacheMs - checkAheadMs });
    const oldest = this.#checked.keys().next().value;
    if (this.#checked.size > limits.tokenCacheEntriesMax && oldest !== undefined) this.#checked.delete(oldest);
    return identity;
  }

  #forget(key: string, error: unknown): never {
    const isVerdict = error instanceof PlatformError && error.code === 'access.unauthenticated';
    if (isVerdict) this.#checked.delete(key);
    if (error instanceof PlatformError) throw error;
    // What can not be judged is neither accepted nor our caller's mistake.
    throw new PlatformError('platform.unavailable', { cause: error });
  }
}

function bearerToken(authorization: string | undefined): string {
  const token = authorization === undefined ? undefined : bearerShape.exec(authorization)?.[1];
  if (token === undefined || token.length > limits.tokenBytesMax) throw new PlatformError('access.unauthenticated');
  return token;
}
