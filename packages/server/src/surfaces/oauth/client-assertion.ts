import { errors } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';

/** The part of an assertion and of its header that we judge beyond what the authorization server does. */
export interface AssertionRules {
  readonly issuer: string;
  readonly clock: Clock;
}

const maxSeconds = limits.clientAssertionMs / 1000;
const leewaySeconds = limits.clientAssertionLeewayMs / 1000;
const types: readonly unknown[] = [undefined, 'JWT', 'client-authentication+jwt'];

/**
 * Throws for an assertion whose audience is anything but our issuer's name, alone and as a string: one that another server could be
 * shown as well lets that server be us. Throws for one that lives longer than `limits.clientAssertionMs`, too.
 */
export function assertClientAssertion(
  { issuer, clock }: AssertionRules,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>>,
): void {
  const { aud, iat, exp, jti } = claims;
  const nowSeconds = clock.nowMs() / 1000;
  const isOurs = aud === issuer && types.includes(header['typ']);
  const isNamed = typeof jti === 'string' && jti.length <= limits.proofIdCharsMax;
  const isShort = typeof iat === 'number' && typeof exp === 'number' && exp - iat <= maxSeconds && exp > iat;
  const isNow = isShort && iat <= nowSeconds + leewaySeconds && exp > nowSeconds - leewaySeconds;
  if (!isOurs || !isNamed || !isNow) throw new errors.InvalidClientAuth('the assertion is not one for this server');
}
