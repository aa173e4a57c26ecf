import type { SignInFailureStore, WatchedSubject } from '../../../modules/people/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { clearSignInFailures } from './clear-sign-in-failures.ts';
import { countSignInFailure } from './count-sign-in-failure.ts';
import { findSignInWait } from './find-sign-in-wait.ts';

const nobody = { tenantIds: [] };

/** Failures to sign in, in PostgreSQL, over a pool of the application's role. No tenant owns them. */
export function createSignInFailureStore(pool: DatabasePool): SignInFailureStore {
  return {
    async waitMs(subjects) {
      const [{ rows }] = await whenAvailable(inTransaction(pool, nobody, [findSignInWait(subjects)]));
      return Math.max(0, rows[0]?.wait_ms ?? 0);
    },
    async count(subjects) {
      await whenAvailable(inTransaction(pool, nobody, inOrder(subjects).map(countSignInFailure)));
    },
    async clear(subjects) {
      await whenAvailable(inTransaction(pool, nobody, inOrder(subjects).map(clearSignInFailures)));
    },
  };
}

/** In the order of keys, as everybody locks them. */
function inOrder(watched: readonly WatchedSubject[]): readonly Uint8Array[] {
  return watched.map(({ subject }) => subject).toSorted((one, other) => Buffer.compare(one, other));
}
