import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';

/** Counts a failure; what is long ago counts no more. */
export function countSignInFailure(subject: Uint8Array): Statement {
  return {
    name: 'count-sign-in-failure',
    text: `
      insert into colloquy.sign_in_failures as f (subject, failures) values ($1, 1)
      on conflict (subject) do update set
        failures = case
          when f.failed_at < colloquy.now_utc() - $2::float8 * interval '1 millisecond' then 1
          else least(f.failures + 1, 1000000)
        end,
        failed_at = colloquy.now_utc()`,
    values: [subject, limits.signInFailuresKeptMs],
  };
}
