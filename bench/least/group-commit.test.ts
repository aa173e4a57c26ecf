/** Guarantee: what arrives together is committed together, in bounded batches, one at a time, and a failed batch fails alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GroupCommit } from './group-commit.ts';

describe('a group commit', () => {
  it('writes columns of what waits, one batch at a time, and tells of each when it is committed', async () => {
    const batches: (readonly (readonly string[])[])[] = [];
    let atOnce = 0;
    const commit = new GroupCommit(async (columns) => {
      assert.equal((atOnce += 1), 1);
      batches.push(columns);
      await Promise.resolve();
      atOnce -= 1;
    }, 2);
    await Promise.all([commit.add('a', '1'), commit.add('b', '2'), commit.add('c', '3')]);
    await commit.add('d', '4');
    assert.deepEqual(batches, [
      [
        ['a', 'b'],
        ['1', '2'],
      ],
      [['c'], ['3']],
      [['d'], ['4']],
    ]);
  });

  it('fails a batch alone', async () => {
    const commit = new GroupCommit(async ([names]) => {
      await Promise.resolve();
      if (names?.includes('bad') === true) throw new Error('refused');
    }, 1);
    const outcomes = await Promise.allSettled([commit.add('good'), commit.add('bad'), commit.add('also good')]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });
});
