/** Guarantee: repeatable work resolves as done or rejects as not done, never as unknown, when the database answers within three attempts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AmbiguousCommitError, DatabaseUnavailableError } from './database-errors.ts';
import { untilKnown } from './until-known.ts';

/** Work that fails with these errors, one after another, and then succeeds. */
function failing(...errors: readonly Error[]): {
  readonly work: () => Promise<string>;
  readonly attempts: () => number;
} {
  let attempts = 0;
  return {
    work: async () => {
      const error = errors[attempts];
      attempts += 1;
      if (error !== undefined) throw error;
      return 'done';
    },
    attempts: () => attempts,
  };
}

const unknown = (): Error => new AmbiguousCommitError(new Error('the connection broke'));

describe('repeatable work', () => {
  it('is done again until its outcome is known', async () => {
    const { work, attempts } = failing(unknown(), unknown());
    assert.equal(await untilKnown(work), 'done');
    assert.equal(attempts(), 3);
  });

  it('fails as unavailable after three attempts, without naming the reason', async () => {
    const { work, attempts } = failing(unknown(), unknown(), unknown(), unknown());
    await assert.rejects(untilKnown(work), (error: Error) => {
      assert.equal((error as { code?: string }).code, 'platform.unavailable');
      assert.doesNotMatch(error.message, /broke/);
      return true;
    });
    assert.equal(attempts(), 3);
  });

  it('is not done again when it is known to have failed', async () => {
    for (const known of [new DatabaseUnavailableError(new Error('away')), new TypeError('a mistake of ours')]) {
      const { work, attempts } = failing(known);
      await assert.rejects(untilKnown(work));
      assert.equal(attempts(), 1);
    }
  });
});
