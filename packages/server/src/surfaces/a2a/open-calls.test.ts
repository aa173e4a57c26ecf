/** Guarantee: a caller that waits when the process shuts down is told once to reconnect, and a later caller at once, however many there are. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { limits } from '../../kernel/limits.ts';
import { OpenCalls } from './open-calls.ts';

const never = new Promise<never>(() => undefined);
const sentAway = { code: 'platform.unavailable', message: /restarting/ };

describe('open calls', () => {
  it('have the time of a drain for their answers, and are then sent away', async () => {
    const clock = new FakeClock();
    const calls = new OpenCalls(clock);
    const quick = Promise.withResolvers<string>();
    const answered = calls.waitFor(quick.promise);
    const left = assert.rejects(calls.waitFor(never), sentAway);
    calls.close();
    await clock.advance(limits.drainMs - 1);
    quick.resolve('in time');
    assert.equal(await answered, 'in time');
    await clock.advance(1);
    await left;
  });

  it('are told once: who comes later costs no more, however many are told already', async () => {
    const clock = new FakeClock();
    const calls = new OpenCalls(clock);
    const wait = (): Promise<void> => assert.rejects(calls.waitFor(never), sentAway);
    const told = Array.from({ length: 2_000 }, wait);
    calls.close();
    await clock.advance(limits.drainMs);
    await Promise.all(told);
    const before = process.cpuUsage();
    await Promise.all(Array.from({ length: 2_000 }, wait));
    // Notifying all of them each time takes twenty seconds.
    assert.ok(process.cpuUsage(before).user < 3_000_000);
  });

  it('that fail late affect no other call', async () => {
    const clock = new FakeClock();
    const calls = new OpenCalls(clock);
    const { promise, reject } = Promise.withResolvers<never>();
    const first = assert.rejects(calls.waitFor(promise), sentAway);
    calls.close();
    await clock.advance(limits.drainMs);
    await first;
    const second = assert.rejects(calls.waitFor(promise), sentAway);
    reject(new Error('late'));
    await second;
  });
});
