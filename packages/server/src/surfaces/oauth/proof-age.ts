import { decodeJwt } from 'jose';
import { errors } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';

/** Throws `invalid_dpop_proof` for a proof whose time is too far from ours (RFC 9449 section 4.3, step 11); what is no proof at all is left to others. */
export function assertRecentProof(proof: string | readonly string[] | undefined, clock: Clock): void {
  const issuedAt = typeof proof === 'string' ? issuedAtOf(proof) : undefined;
  if (issuedAt !== undefined && Math.abs(clock.nowMs() - issuedAt * 1000) > limits.proofMs)
    throw new errors.InvalidDpopProof('DPoP proof iat is not recent enough');
}

function issuedAtOf(proof: string): number | undefined {
  try {
    return decodeJwt(proof).iat;
  } catch {
    return undefined;
  }
}
