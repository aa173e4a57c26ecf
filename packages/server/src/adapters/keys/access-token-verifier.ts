import { decodeProtectedHeader, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Confirmation, TokenClaims, TokenVerifier } from '../../modules/access/index.ts';
import type { SigningKeyRing } from './signing-key-ring.ts';

export interface AccessTokenVerifierOptions {
  /** The platform's public base URL, exactly as tokens carry it. */
  readonly issuer: string;
  readonly audience: string;
  readonly keys: Pick<SigningKeyRing, 'find'>;
  readonly clock: Clock;
}

/** Compact JWS with a canonical ES256 signature: 64 bytes, whose last base64url digit carries two bits only. */
const es256Compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/;

/**
 * Accepts our ES256 `at+jwt` access tokens (RFC 9068 section 4) and nothing else. Only the key id is read from the header, and
 * only to choose among our own keys: `jwk`, `jku` and `x5*` have no say. `crit` (RFC 7515 section 4.1.11) is refused.
 */
export function createAccessTokenVerifier(options: AccessTokenVerifierOptions): TokenVerifier {
  const { issuer, audience, keys, clock } = options;
  const rules: JWTVerifyOptions = {
    algorithms: ['ES256'],
    typ: 'at+jwt',
    issuer,
    audience,
    requiredClaims: ['iss', 'aud', 'sub', 'client_id', 'exp', 'nbf', 'iat', 'jti', 'scope', 'tid', 'pk'],
    clockTolerance: limits.tokenLeewayMs / 1000,
    maxTokenAge: limits.accessTokenMs / 1000,
  };
  return {
    verify: async (token) => {
      if (token.length > limits.tokenBytesMax || !es256Compact.test(token)) return null;
      const kid = keyIdOf(token);
      const key = kid === null ? null : await keys.find(kid);
      if (key === null) return null;
      try {
        const { payload } = await jwtVerify(token, key.publicKey, { ...rules, currentDate: new Date(clock.nowMs()) });
        return claimsOf(payload, audience);
      } catch (error) {
        if (error instanceof PlatformError) throw error;
        return null;
      }
    },
  };
}

function keyIdOf(token: string): string | null {
  try {
    const { alg, typ, kid, crit, b64 } = decodeProtectedHeader(token);
    const isOurs = alg === 'ES256' && typ === 'at+jwt' && crit === undefined && b64 === undefined;
    return isOurs && typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}

function claimsOf(payload: JWTPayload, audience: string): TokenClaims | null {
  const { aud, sub, exp, iat, jti, client_id: clientId, scope, tid, pk } = payload;
  if (aud !== audience || typeof jti !== 'string' || jti === '' || exp === undefined || iat === undefined) return null;
  if (exp - iat > limits.accessTokenMs / 1000) return null;
  if (typeof clientId !== 'string' || sub !== clientId || !isId('cli', clientId)) return null;
  if (typeof tid !== 'string' || !isId('tnt', tid) || typeof scope !== 'string') return null;
  if (pk !== 'oauth-client' && pk !== 'operator') return null;
  const confirmation = payload['cnf'] === undefined ? null : confirmationOf(payload['cnf']);
  if (confirmation === undefined) return null;
  return {
    clientId,
    principalKind: pk,
    tenantId: tid,
    scopes: scope.split(' ').filter((item) => item !== ''),
    expiresAtMs: exp * 1000,
    confirmation,
  };
}

const thumbprint = /^[A-Za-z0-9_-]{43}$/;
const confirmedBy: readonly string[] = ['x5t#S256', 'jkt'];

/** Undefined for what names nothing that we could check: such a token is nobody's (RFC 7800 section 3.1). */
function confirmationOf(cnf: unknown): Confirmation | undefined {
  if (typeof cnf !== 'object' || cnf === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(cnf));
  const isKnown = ([name, value]: [string, unknown]): boolean =>
    confirmedBy.includes(name) && typeof value === 'string' && thumbprint.test(value);
  if (members.size === 0 || ![...members].every(isKnown)) return undefined;
  const textOf = (name: string): string | null => (members.has(name) ? String(members.get(name)) : null);
  return { x5tS256: textOf('x5t#S256'), jkt: textOf('jkt') };
}
