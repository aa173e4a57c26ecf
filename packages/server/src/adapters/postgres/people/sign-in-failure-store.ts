import { limits } from '../../../kernel/limits.ts';
import type { SignInFailureStore, WatchedSubject } from '../../../modules/people/index.ts';
import { plainArray } from '../array-literal.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

const platformWide = { tenantIds: [] };

/** Failures to sign in, in PostgreSQL, over a pool of the application's role. No tenant owns them. */
export function createSignInFailureStore(pool: DatabasePool): SignInFailureStore {
  return {
    async waitMs(subjects) {
      const [{ rows }] = await whenAvailable(inTransaction(pool, platformWide, [findSignInWait(subjects)]));
      return Math.max(0, rows[0]?.wait_ms ?? 0);
    },
    async count(subjects) {
      await whenAvailable(inTransaction(pool, platformWide, inOrder(subjects).map(countSignInFailure)));
    },
    async clear(subjects) {
      await whenAvailable(inTransaction(pool, platformWide, inOrder(subjects).map(clearSignInFailures)));
    },
  };
}

/** Locks in the order of keys, as every statement does. */
function inOrder(watched: readonly WatchedSubject[]): readonly Uint8Array[] {
  return watched.map(({ subject }) => subject).toSorted((one, other) => Buffer.compare(one, other));
}

/** Forgets the failures after a successful sign-in. */
function clearSignInFailures(subject: Uint8Array): Statement {
  return {
    name: 'clear-sign-in-failures',
    text: `delete from colloquy.sign_in_failures where subject = $1`,
    values: [subject],
  };
}

/** Counts a failure; old failures no longer count. */
function countSignInFailure(subject: Uint8Array): Statement {
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

/** How long a further try of any of these has to wait: nothing for the failures that are free, then twice as long after each. */
function findSignInWait(watched: readonly WatchedSubject[]): Statement<{ readonly wait_ms: number | null }> {
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
