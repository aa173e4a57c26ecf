import { limits } from '../../../kernel/limits.ts';
import type { WatchedSubject } from '../../../modules/people/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

/** How long a further try of any of these has to wait: nothing for the failures that are free, then twice as long after each. */
export function findSignInWait(watched: readonly WatchedSubject[]): Statement<{ readonly wait_ms: number | null }> {
  return {
    name: 'find-sign-in-wait',
    text: `
      select max(extract(epoch from f.failed_at - colloquy.now_utc()) * 1000
        + least($3::float8 * power(2, least(f.failures - w.free, 30)), $4::float8))::float8 as wait_ms
      from unnest($1::text[], $2::integer[]) as w (subject, free)
      join colloquy.sign_in_failures f on f.subject = decode(w.subject, 'hex')
      where f.failures >= w.free`,
    values: [
      plainArray(watched.map(({ subject }) => Buffer.from(subject).toString('hex'))),
      plainArray(watched.map(({ free }) => free)),
      limits.signInWaitMsMin,
      limits.signInWaitMsMax,
    ],
  };
}
