import { jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import type { JsonObject } from '@colloquy/protocol';
import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import type { ExternalClaims, ExternalTokens, ExternalTokenType, TokenRules } from '../../modules/issuers/index.ts';
import { readCompactToken } from './compact-token.ts';
import type { CompactToken } from './compact-token.ts';
import type { IssuerKeys } from './issuer-keys.ts';

export interface ExternalTokensPorts {
  readonly keys: Pick<IssuerKeys, 'find'>;
  readonly clock: Clock;
}

/** Claims of ID tokens, logout tokens and other tokens that grant no permission (OpenID Connect Core 1.0 section 2, RFC 8417). */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events', 'htm', 'htu'];
const leewaySeconds = limits.tokenLeewayMs / 1000;

/** Verifies tokens with the keys of their issuers. Only the key id, the algorithm and the type are read from a header. */
export function createExternalTokens({ keys, clock }: ExternalTokensPorts): ExternalTokens {
  return {
    addressOf(token) {
      const { iss, aud } = readCompactToken(token)?.claims ?? {};
      return typeof iss === 'string' && typeof aud === 'string' ? { issuer: iss, audience: aud } : null;
    },
    async verify(token, rules) {
      const read = readCompactToken(token);
      if (read === null || !isAsRuled(read, rules)) return null;
      const key = await keys.find(rules, read.kid);
      if (key === null || !key.algorithms.includes(read.algorithm)) return null;
      const now = new Date(clock.nowMs());
      const payload = await verified(jwtVerify(token, key.publicKey, joseRules(read, rules, now)));
      return payload === null ? null : claimsOf(read.claims, payload, Math.floor(now.getTime() / 1000));
    },
  };
}

function isAsRuled(
  { algorithm, type, claims }: CompactToken,
  { algorithms, tokenType, audience }: TokenRules,
): boolean {
  const allowed: readonly string[] = algorithms;
  return allowed.includes(algorithm) && isAccessToken(type, claims, tokenType) && claims['aud'] === audience;
}

function isAccessToken(type: string | null, claims: JsonObject, tokenType: ExternalTokenType): boolean {
  switch (tokenType) {
    case 'at+jwt':
      return type === 'at+jwt';
    case 'jwt':
      return (type === null || type === 'jwt') && !foreignClaims.some((claim) => Object.hasOwn(claims, claim));
  }
}

function joseRules(read: CompactToken, { issuer, audience }: TokenRules, currentDate: Date): JWTVerifyOptions {
  return {
    algorithms: [read.algorithm],
    issuer,
    audience,
    requiredClaims: ['iss', 'aud', 'exp', 'iat'],
    clockTolerance: leewaySeconds,
    currentDate,
  };
}

/** A token that does not verify is its sender's error, so it is not reported. */
async function verified(verifying: Promise<{ readonly payload: JWTPayload }>): Promise<JWTPayload | null> {
  try {
    return (await verifying).payload;
  } catch {
    return null;
  }
}

/** The claims as they were read strictly; null for times that no token of ours could have. */
function claimsOf(claims: JsonObject, { exp, iat }: JWTPayload, nowSeconds: number): ExternalClaims | null {
  if (exp === undefined || iat === undefined || !Number.isFinite(exp) || !Number.isFinite(iat)) return null;
  if (iat > nowSeconds + leewaySeconds || exp <= iat || exp - iat > limits.externalTokenMsMax / 1000) return null;
  return { ...claims, exp };
}
