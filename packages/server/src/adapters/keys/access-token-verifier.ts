import { jwtVerify } from 'jose';
import type { JWTVerifyOptions } from 'jose';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { OwnIssuers, TokenVerifier } from '../../modules/access/index.ts';
import { claimsOf } from './access-token-claims.ts';
import { ownKeyId } from './own-key-id.ts';
import type { SigningKeyRing } from './signing-key-ring.ts';

export interface AccessTokenVerifierOptions {
  /** Public base URLs of the platform, exactly as tokens carry them. Each is the issuer and the audience of its tokens. */
  readonly issuers: OwnIssuers;
  readonly keys: Pick<SigningKeyRing, 'find'>;
  readonly clock: Clock;
}

/** Compact JWS with a canonical ES256 signature: 64 bytes, whose last base64url digit carries two bits only. */
const es256Compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/;

/**
 * Accepts our ES256 `at+jwt` access tokens (RFC 9068 section 4) and nothing else. Only the key id is read from the header, and
 * only to choose among our own keys: `jwk`, `jku` and `x5*` are ignored. `crit` (RFC 7515 section 4.1.11) is refused.
 */
export function createAccessTokenVerifier(options: AccessTokenVerifierOptions): TokenVerifier {
  const { issuers, keys, clock } = options;
  const rules: JWTVerifyOptions = {
    algorithms: ['ES256'],
    typ: 'at+jwt',
    requiredClaims: ['iss', 'aud', 'sub', 'client_id', 'exp', 'nbf', 'iat', 'jti', 'scope', 'tid', 'pk'],
    clockTolerance: limits.tokenLeewayMs / 1000,
    maxTokenAge: limits.accessTokenMs / 1000,
  };
  return {
    verify: async (token) => {
      if (token.length > limits.tokenBytesMax || !es256Compact.test(token)) return null;
      const kid = ownKeyId(token, 'at+jwt');
      const key = kid === null ? null : await keys.find(kid);
      if (key === null) return null;
      try {
        const { payload } = await jwtVerify(token, key.publicKey, { ...rules, currentDate: new Date(clock.nowMs()) });
        const { iss } = payload;
        if (iss === undefined || !(await issuers.has(iss))) return null;
        const claims = claimsOf(payload, iss);
        return claims === null ? null : { ...claims, keyId: key.kid };
      } catch (error) {
        if (error instanceof PlatformError) throw error;
        return null;
      }
    },
  };
}
