import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';

/** How long a further try of any of these has to wait: nothing for the first failures, then twice as long after each. */
export function findSignInWait(subjects: readonly Uint8Array[]): Statement<{ readonly wait_ms: number | null }> {
  return {
    name: 'find-sign-in-wait',
    text: `
      select max(extract(epoch from failed_at - colloquy.now_utc()) * 1000
        + least($3::float8 * power(2, least(failures - $2::integer, 30)), $4::float8))::float8 as wait_ms
      from colloquy.sign_in_failures where subject in ($1, $5) and failures >= $2::integer`,
    values: [
      subjects[0] ?? null,
      limits.signInFailuresFree,
      limits.signInWaitMsMin,
      limits.signInWaitMsMax,
      subjects[1] ?? null,
    ],
  };
}
