/** Guarantee: what a process has to tell others stays within a bound while they can not be told, and what is left is told when they can (T24). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { limits } from '../../kernel/limits.ts';
import { ShareExchange } from './share-exchange.ts';
import type { Shared } from './share-exchange.ts';

describe('what is to be told to other processes', () => {
  it('has a bound while nobody can be told, and leaves in the order in which it came', async () => {
    const clock = new FakeClock(0);
    let isAway = true;
    const heard: number[] = [];
    const exchange = new ShareExchange<number, true>({
      clock,
      exchange: async (told) => {
        if (isAway) throw new Error('away');
        heard.push(...told);
        return told.map(() => true);
      },
      isShared: () => true,
      onChange: () => undefined,
    });
    const beyond = 500;
    const counted = (number: number): Shared<number, true> => ({
      tell: () => number,
      untell: () => undefined,
      settle: () => undefined,
      isShort: () => false,
    });
    for (let number = 0; number < limits.sharesUntoldMax + beyond; number += 1) exchange.touch(counted(number), false);
    await clock.advance(limits.sharesTellMs);
    isAway = false;
    for (let turn = 0; turn <= limits.sharesUntoldMax / limits.sharesPerExchangeMax; turn += 1)
      await clock.advance(limits.sharesTellMs);
    await exchange.stop();
    assert.equal(new Set(heard).size, limits.sharesUntoldMax);
    assert.equal(Math.min(...heard), beyond, 'the first ones left');
    assert.equal(heard.includes(limits.sharesUntoldMax + beyond - 1), true);
  });
});
