/** Guarantee: what is told while rights are being looked up is not missed, and many who tell it cost one more look (T26). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import type { Standing } from '../../kernel/caller.ts';
import { StandingWatch } from './standing-watch.ts';

const standing: Standing = {
  tenantId: `tnt_${'0'.repeat(32)}` as const,
  revocable: ['token'],
  parties: [],
  keyId: null,
};

describe('a look at standings', () => {
  it('is followed by another when rights change during it', async () => {
    let isFallen = false;
    let looks = 0;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const findFallen = async (): Promise<readonly number[]> => {
      looks += 1;
      const read = isFallen ? [0] : [];
      if (looks === 1) await promise;
      return read;
    };
    const watch = new StandingWatch({ revocations: { findFallen }, clock: new FakeClock(0) });
    let ended = 0;
    watch.follow(standing, () => (ended += 1));
    const early = watch.look();
    isFallen = true;
    const late = Array.from({ length: 10 }, () => watch.look());
    resolve(undefined);
    await Promise.all([early, ...late]);
    assert.deepEqual([ended, looks], [1, 2]);
    watch.close();
  });
});
