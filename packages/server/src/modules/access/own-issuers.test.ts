/** Guarantee: a token of an unknown issuer makes a process read the issuers of the others, however many such tokens come, but not at each. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { limits } from '../../kernel/limits.ts';
import { IssuersOfProcesses } from './own-issuers.ts';

describe('the issuers of processes', () => {
  it('are read again for an unknown issuer, but no more often than the limit', async () => {
    const clock = new FakeClock();
    let reads = 0;
    let stored = ['a', 'b'];
    const list = async (): Promise<readonly string[]> => {
      reads += 1;
      return stored;
    };
    const issuers = new IssuersOfProcesses('a', { store: { list, add: async () => undefined }, clock });
    assert.equal(issuers.has('a'), true);
    assert.deepEqual(await Promise.all([issuers.has('b'), issuers.has('c'), issuers.has('c')]), [true, false, false]);
    assert.equal(reads, 1);
    stored = ['a', 'b', 'c'];
    assert.equal(await issuers.has('c'), false);
    await clock.advance(limits.ownIssuersReadMs);
    assert.equal(await issuers.has('c'), true);
    assert.equal(issuers.has('b'), true);
    assert.equal(reads, 2);
  });

  it('reject while they cannot be read, and are read at the next request', async () => {
    let isAway = true;
    const list = (): Promise<readonly string[]> =>
      isAway ? Promise.reject(new Error('away')) : Promise.resolve(['b']);
    const issuers = new IssuersOfProcesses('a', {
      store: { list, add: async () => undefined },
      clock: new FakeClock(),
    });
    await assert.rejects(async () => issuers.has('b'), /away/);
    isAway = false;
    assert.equal(await issuers.has('b'), true);
  });
});
