/** Guarantee: unreported usage stays within a bound while the shared store is away, and is reported when the store is back (T24). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { limits } from '../../kernel/limits.ts';
import { ShareExchange } from './share-exchange.ts';
import type { Shared } from './share-exchange.ts';

describe('unreported usage', () => {
  it('has a bound while the store is away, and is then reported in the order in which it came', async () => {
    const clock = new FakeClock(0);
    let isAway = true;
    const received: number[] = [];
    const exchange = new ShareExchange<number, true>({
      clock,
      exchange: async (reports) => {
        if (isAway) throw new Error('away');
        received.push(...reports);
        return reports.map(() => true);
      },
      isShared: () => true,
      onChange: () => undefined,
    });
    const beyond = 500;
    const counted = (number: number): Shared<number, true> => ({
      takeReport: () => number,
      returnReport: () => undefined,
      settle: () => undefined,
      isShort: () => false,
    });
    for (let number = 0; number < limits.sharesUnreportedMax + beyond; number += 1)
      exchange.touch(counted(number), false);
    await clock.advance(limits.sharesExchangeMs);
    isAway = false;
    for (let batch = 0; batch <= limits.sharesUnreportedMax / limits.sharesPerExchangeMax; batch += 1)
      await clock.advance(limits.sharesExchangeMs);
    await exchange.stop();
    assert.equal(new Set(received).size, limits.sharesUnreportedMax);
    assert.equal(Math.min(...received), beyond, 'the first ones left');
    assert.equal(received.includes(limits.sharesUnreportedMax + beyond - 1), true);
  });
});
