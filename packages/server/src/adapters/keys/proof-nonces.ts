import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import type { ProofNonces } from '../../modules/access/index.ts';

const stepsAccepted = limits.proofNonceMs / limits.proofNonceStepMs;
const nonceBytes = 18;

/** A nonce is a keyed digest of the minute that it belongs to: every process with the same key makes the same, and stores none. */
export function createProofNonces(key: Uint8Array, clock: Clock): ProofNonces {
  let step = -1;
  let accepted: readonly string[] = [];
  const nonceOf = (wanted: number): string =>
    createHmac('sha256', key).update(`proof nonce ${wanted}`).digest().subarray(0, nonceBytes).toString('base64url');
  const now = (): readonly string[] => {
    const current = Math.floor(clock.nowMs() / limits.proofNonceStepMs);
    if (current !== step) {
      step = current;
      // The clock of another process may be in the next step already.
      accepted = Array.from({ length: stepsAccepted + 2 }, (_, back) => nonceOf(current + 1 - back));
    }
    return accepted;
  };
  return {
    current: () => now()[1] ?? '',
    accepts: (nonce) => {
      const given = Buffer.from(nonce);
      return now().some((one) => one.length === given.length && timingSafeEqual(Buffer.from(one), given));
    },
  };
}
