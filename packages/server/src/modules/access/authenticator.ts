import { hash } from 'node:crypto';
import { PlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { apiKeyPrefix } from './credential-kind.ts';
import type { JudgeCredential } from './credential-kind.ts';
import type { Identity } from './identity.ts';
import type { PresentedCredentials } from './presented-credentials.ts';
import { SenderCheck } from './sender-check.ts';
import type { SenderCheckPorts } from './sender-check.ts';

export interface AuthenticatorPorts extends SenderCheckPorts {
  readonly judge: JudgeCredential;
  /** Called when a credential that was in use is refused: its rights were revoked, and its open streams may not know it yet. */
  readonly onRevoked?: () => void;
}

/** A running check, and when it began, in monotonic time. */
interface Check {
  readonly startedAtMs: number;
  readonly identity: Promise<Identity>;
}

interface CheckedToken {
  readonly identity: Identity;
  /** Monotonic time of the check's start: the database's answer is not older. */
  readonly checkedAtMs: number;
  nextCheckAtMs: number;
}

const tokenShape = /^(?:bearer|dpop) ([A-Za-z0-9_.~+/=-]+)$/i;
const keyShape = /^[A-Za-z0-9_]+$/;
/** A token in use is checked again this long before its cache entry expires, so that no request waits for the check. */
const checkAheadMs = limits.tokenCacheMs * 0.3;
const retryCheckMs = 250;

/**
 * Resolves the credentials of a request to an identity. Checked credentials are cached by the SHA-256 of their whole text: at most
 * `limits.tokenCacheEntriesMax`, each for at most `limits.tokenCacheMs` and never past its expiry. The sender of a bound token is checked
 * for every request.
 */
export class Authenticator {
  readonly #ports: AuthenticatorPorts;
  readonly #senders: SenderCheck;
  readonly #checked = new Map<string, CheckedToken>();
  readonly #checking = new Map<string, Check>();

  constructor(ports: AuthenticatorPorts) {
    this.#ports = ports;
    this.#senders = new SenderCheck(ports);
  }

  /**
   * The identity behind `Authorization: Bearer …` (RFC 6750 section 2.1), `Authorization: DPoP …` (RFC 9449 section 7.1) or an API key as
   * `X-API-Key`, and never two of them. It returns at once for a cached bearer token or key. Throws or rejects with
   * `access.unauthenticated` for anything else, for a bad proof as {@link SenderCheck} does, with the error of `beforeJudging`, and with
   * `platform.unavailable` when the credential cannot be checked.
   */
  authenticate(presented: PresentedCredentials): Identity | Promise<Identity> {
    const token = presentedTokenOf(presented);
    const digest = hash('sha256', token, 'base64url');
    const scheme = isDpop(presented.authorization) ? 'dpop' : 'bearer';
    const borne = (identity: Identity): Identity | Promise<Identity> =>
      this.#senders.check({ identity, scheme, digest }, presented);
    const identity = this.#identityOf(digest, token, presented);
    return identity instanceof Promise ? identity.then(borne) : borne(identity);
  }

  /**
   * The current identity of a credential that {@link Authenticator.authenticate} has accepted, for a request whose body came late. It asks
   * for no proof, because the proof is spent. Throws or rejects as for a new request.
   */
  identify(presented: PresentedCredentials): Identity | Promise<Identity> {
    const token = presentedTokenOf(presented);
    return this.#identityOf(hash('sha256', token, 'base64url'), token, presented);
  }

  #identityOf(key: string, token: string, presented: PresentedCredentials): Identity | Promise<Identity> {
    const known = this.#checked.get(key);
    if (known === undefined) return this.#joinCheck(key, token, presented);
    const { clock } = this.#ports;
    const nowMs = clock.monotonicMs();
    const isUsable = nowMs - known.checkedAtMs < limits.tokenCacheMs && clock.nowMs() < known.identity.expiresAtMs;
    if (!isUsable) return this.#joinCheck(key, token, presented);
    if (nowMs >= known.nextCheckAtMs && !this.#checking.has(key)) this.#checkAhead(key, token, known);
    return known.identity;
  }

  /**
   * Drops the cached tokens of a tenant whose rights changed; null: of every tenant. The next request with such a token waits for a check.
   * A running check may have read its rows before the change, so its result is not cached, whatever its tenant.
   */
  doubt(tenantId: TenantId | null): void {
    this.#checking.clear();
    for (const [key, { identity }] of this.#checked)
      if (tenantId === null || identity.tenant.id === tenantId) this.#checked.delete(key);
  }

  /** Joins a running check, unless it began longer ago than a cached answer may be old. */
  #joinCheck(key: string, token: string, presented: PresentedCredentials): Promise<Identity> {
    presented.beforeJudging();
    const check = this.#checking.get(key);
    const isFresh = check !== undefined && this.#ports.clock.monotonicMs() - check.startedAtMs < limits.tokenCacheMs;
    return isFresh ? check.identity : this.#check(key, token);
  }

  #check(key: string, token: string): Promise<Identity> {
    const startedAtMs = this.#ports.clock.monotonicMs();
    const isCurrent = (): boolean => this.#checking.get(key) === check;
    const identity = this.#ports
      .judge(token)
      .then((found) => (isCurrent() ? this.#keep(key, found, startedAtMs) : found))
      .catch((error: unknown) => this.#forget(key, error))
      .finally(() => isCurrent() && this.#checking.delete(key));
    const check = { startedAtMs, identity };
    this.#checking.set(key, check);
    return identity;
  }

  /** A refusal takes effect at once; while the database is away, the cached answer holds until it expires. */
  #checkAhead(key: string, token: string, known: CheckedToken): void {
    known.nextCheckAtMs = this.#ports.clock.monotonicMs() + retryCheckMs;
    void this.#check(key, token).catch(() => undefined);
  }

  #keep(key: string, identity: Identity, checkedAtMs: number): Identity {
    const nextCheckAtMs = checkedAtMs + limits.tokenCacheMs - checkAheadMs;
    keepNewest(this.#checked, key, { identity, checkedAtMs, nextCheckAtMs }, limits.tokenCacheEntriesMax);
    return identity;
  }

  #forget(key: string, error: unknown): never {
    const isVerdict = error instanceof PlatformError && error.code === 'access.unauthenticated';
    if (isVerdict && this.#checked.delete(key)) this.#ports.onRevoked?.();
    if (error instanceof PlatformError && error.kind !== 'internal') throw error;
    // A credential that cannot be checked is not accepted, and it is not the caller's mistake.
    throw new PlatformError('platform.unavailable', { cause: error });
  }
}

function presentedTokenOf({ authorization, apiKey }: PresentedCredentials): string {
  return apiKey === undefined ? tokenOf(authorization) : keyOf(apiKey, authorization);
}

function tokenOf(authorization: string | undefined): string {
  const token = authorization === undefined ? undefined : tokenShape.exec(authorization)?.[1];
  if (token === undefined || token.length > limits.tokenBytesMax) throw new PlatformError('access.unauthenticated');
  return token;
}

/** Two credentials count as none, because two readers could choose differently. */
function keyOf(apiKey: string, authorization: string | undefined): string {
  const isKey = apiKey.startsWith(apiKeyPrefix) && apiKey.length <= limits.tokenBytesMax && keyShape.test(apiKey);
  if (!isKey || authorization !== undefined) throw new PlatformError('access.unauthenticated');
  return apiKey;
}

/** The field has the shape of one of the two schemes, so its first letter decides. */
function isDpop(authorization: string | undefined): boolean {
  const first = authorization?.charCodeAt(0);
  return first === 0x44 || first === 0x64;
}
