/** Guarantee: background work runs slice by slice, and leaves time to requests between them where it is configured to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { createLogger } from '../../adapters/telemetry/index.ts';
import { BackgroundDuty } from './background-duty.ts';

/** The number of slices that begin within `ms`, of work that never ends. */
async function slicesWithin(ms: number, restMsMin: number): Promise<number> {
  const clock = new FakeClock();
  let slices = 0;
  const run = async (): Promise<boolean> => {
    slices += 1;
    // Without a rest it would run for ever at one moment of this clock.
    return slices < 100;
  };
  const duty = new BackgroundDuty({
    run,
    everyMs: 1_000_000,
    restMsMin,
    failure: '',
    clock,
    log: createLogger({ level: 'error', destination: { write: () => undefined } }),
  });
  duty.start();
  for (let passedMs = 0; passedMs < ms; passedMs += 10) await clock.advance(10);
  await duty.stop();
  return slices;
}

describe('a background duty with more work', () => {
  it('rests between two slices for the configured time', async () => {
    const slices = await slicesWithin(1_000, 100);
    assert.ok(slices >= 9 && slices <= 11, String(slices));
  });

  it('continues at once without a configured rest', async () => {
    assert.equal(await slicesWithin(1_100, 0), 100);
  });
});
