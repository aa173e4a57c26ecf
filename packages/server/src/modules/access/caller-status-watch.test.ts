/** Guarantee: a change of rights during a check is not missed, and many notifications during one check cost one more check (T26). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import type { CallerStatus } from '../../kernel/caller.ts';
import { CallerStatusWatch } from './caller-status-watch.ts';

const status: CallerStatus = {
  tenantId: `tnt_${'0'.repeat(32)}` as const,
  revocable: ['token'],
  parties: [],
  keyId: null,
};

describe('a check of caller statuses', () => {
  it('is followed by another check when rights change during it', async () => {
    let isRevoked = false;
    let checks = 0;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const findRevoked = async (): Promise<readonly number[]> => {
      checks += 1;
      const read = isRevoked ? [0] : [];
      if (checks === 1) await promise;
      return read;
    };
    const watch = new CallerStatusWatch({ revocations: { findRevoked }, clock: new FakeClock(0) });
    let ended = 0;
    watch.follow(status, () => (ended += 1));
    const early = watch.check();
    isRevoked = true;
    const late = Array.from({ length: 10 }, () => watch.check());
    resolve(undefined);
    await Promise.all([early, ...late]);
    assert.deepEqual([ended, checks], [1, 2]);
    watch.close();
  });
});
