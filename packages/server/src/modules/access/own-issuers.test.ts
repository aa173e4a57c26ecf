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

  it('reject while they cannot be read, which is tried no more often than the limit, and stay known in an outage', async () => {
    const clock = new FakeClock();
    let isAway = true;
    let reads = 0;
    const list = (): Promise<readonly string[]> => {
      reads += 1;
      return isAway ? Promise.reject(new Error('away')) : Promise.resolve(['b']);
    };
    const issuers = new IssuersOfProcesses('a', { store: { list, add: async () => undefined }, clock });
    for (let request = 0; request < 10; request++) await assert.rejects(async () => issuers.has(`b${request}`), /away/);
    assert.equal(reads, 1);
    isAway = false;
    await clock.advance(limits.ownIssuersReadMs);
    assert.equal(await issuers.has('b'), true);
    assert.equal(await issuers.has('c'), false);
    isAway = true;
    await clock.advance(limits.ownIssuersReadMs);
    await Promise.all(['c', 'd'].map((issuer) => assert.rejects(async () => issuers.has(issuer), /away/)));
    assert.deepEqual([issuers.has('a'), issuers.has('b')], [true, true]);
    assert.equal(reads, 3);
  });
});
