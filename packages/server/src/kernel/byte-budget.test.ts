/** Guarantee: no tenant, caller or agent holds so many bytes that others can not go on, and those that wait for each other never all wait. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { ByteBudget } from './byte-budget.ts';
import type { HeldBytes } from './byte-budget.ts';
import { PlatformError } from './errors.ts';
import { limits } from './limits.ts';

const mb = 1_000_000;

function setting() {
  const clock = new FakeClock();
  const refused: string[] = [];
  let evicted = 0;
  const budget = new ByteBudget({
    clock,
    bytesMax: 120 * mb,
    onRefused: (bound) => refused.push(bound),
    onEvicted: () => (evicted += 1),
  });
  const open = (tenant: number, partyId = 'client'): HeldBytes =>
    budget.open({ tenantId: `tnt_${tenant}` as const, partyId, kind: 'callers' });
  return { clock, budget, refused, open, evictedCount: () => evicted };
}

/** Holds as much as it gets without waiting. */
function fill(open: () => HeldBytes): HeldBytes[] {
  const all: HeldBytes[] = [];
  for (;;) {
    const held = open();
    if (held.room(mb) === undefined) all.push(held);
    else {
      held.release();
      return all;
    }
  }
}

describe('the byte budget', () => {
  it('leaves half of it beside one greedy tenant, and a third of it beside two', () => {
    const { budget, open } = setting();
    let nth = 0;
    fill(() => open(1, `client-${String((nth += 1))}`));
    assert.ok(budget.bytesOf.callers <= 62 * mb, `${String(budget.bytesOf.callers)} bytes`);
    fill(() => open(2, `client-${String((nth += 1))}`));
    assert.ok(budget.bytesOf.callers <= 92 * mb, `${String(budget.bytesOf.callers)} bytes`);
    assert.equal(open(3).take(8 * mb), undefined);
  });

  it('leaves room for the other callers of a tenant', () => {
    const { open } = setting();
    assert.ok(fill(() => open(1)).length <= 42);
    assert.equal(open(1, 'another client').take(mb), undefined);
  });

  it('counts nothing for what is small', () => {
    const { budget, open } = setting();
    for (let at = 0; at < 1_000; at += 1) assert.equal(open(1).take(limits.heldBytesFree), undefined);
    assert.equal(budget.bytesOf.callers, 0);
  });

  it('serves those that wait in their order as bytes are released', async () => {
    const { open } = setting();
    const [first, ...others] = fill(() => open(1));
    const served: string[] = [];
    const waiting = ['one', 'two'].map(async (name) => {
      await open(1).take(mb);
      served.push(name);
    });
    await Promise.resolve();
    assert.deepEqual(served, []);
    first?.release();
    for (const held of others) held.release();
    await Promise.all(waiting);
    assert.deepEqual(served, ['one', 'two']);
  });

  it('lets nothing grow beyond the bound that makes room for what stays', async () => {
    const { budget, clock, open, refused } = setting();
    const stays = open(1);
    stays.add(100 * mb);
    const admission = budget.open({ tenantId: 'tnt_1', partyId: 'agent', kind: 'agents', keepsBound: true });
    const waiting = assert.rejects(async () => admission.take(mb), { code: 'request.rate-limited' });
    await clock.advance(limits.heldWaitMs);
    await waiting;
    assert.deepEqual(refused, ['tenant']);
    stays.release();
    assert.equal(admission.take(mb), undefined);
  });

  it('lets the first that waits go on beyond the bound, so that partial answers never wait for each other', () => {
    const { open } = setting();
    const first = open(1);
    first.add(30 * mb);
    const second = open(1);
    second.add(30 * mb);
    assert.equal(first.room(), undefined);
    assert.notEqual(second.room(), undefined);
    first.add(10 * mb);
    assert.equal(first.room(), undefined);
  });

  it('refuses an answer that waits too long, and says whose bound it was', async () => {
    const { clock, open, refused } = setting();
    const [oldest] = fill(() => open(1));
    oldest?.stall(limits.heldAnswerStallMs * 10, () => undefined);
    fill(() => open(1));
    const codes = [1, 2].map(async (tenant) => {
      if (tenant === 2) fill(() => open(2));
      const error = await Promise.resolve(open(1).take(mb)).catch((thrown: unknown) => thrown);
      return error instanceof PlatformError ? error.code : 'served';
    });
    await clock.advance(limits.heldWaitMs);
    assert.deepEqual(await Promise.all(codes), ['request.rate-limited', 'request.rate-limited']);
    assert.ok(refused.every((bound) => bound === 'tenant'));
  });

  it('closes readers that stall, the longest first, when others of their tenant wait, and no other reader', async () => {
    const { clock, open, evictedCount } = setting();
    const readers = fill(() => open(1));
    const closed: number[] = [];
    for (const [at, held] of readers.entries())
      held.stall(limits.heldStreamStallMs, () => {
        closed.push(at);
        held.release();
      });
    const foreign = open(2);
    foreign.add(mb);
    foreign.stall(0, () => assert.fail('a reader of another tenant was closed'));
    // The first one that waits may go on; the others need room.
    void open(1).room(mb);
    const waiting = open(1).room(mb);
    assert.notEqual(waiting, undefined);
    await clock.advance(limits.heldStreamStallMs + limits.heldCheckMs);
    await waiting;
    assert.equal(closed[0], 0);
    assert.ok(closed.length < readers.length, `${String(closed.length)} of ${String(readers.length)}`);
    assert.equal(evictedCount(), closed.length);
  });

  it('takes bytes back at once, without waiting behind those who wait for them', async () => {
    const { open } = setting();
    const readers = fill(() => open(1));
    const waiting = open(1).take(2 * mb);
    const behind = open(1).take(mb);
    assert.notEqual(behind, undefined);
    for (const held of readers.slice(0, 18)) assert.equal(held.take(-mb / 2), undefined);
    await waiting;
    await behind;
  });

  it('serves those behind one that has waited too long, or has gone', async () => {
    for (const leaves of ['late', 'gone']) {
      const { clock, open } = setting();
      const readers = fill(() => open(1));
      for (const held of readers.slice(0, 4)) held.release();
      const large = open(1);
      const refused = Promise.resolve(large.take(20 * mb)).catch((error: unknown) => error);
      await clock.advance(limits.heldWaitMs - 1);
      const small = open(1);
      const served = small.take(mb / 2);
      assert.notEqual(served, undefined);
      if (leaves === 'gone') large.release();
      else await clock.advance(1);
      await served;
      await refused;
    }
  });

  it('knows nothing any longer of those that have released everything', async () => {
    const { budget, clock, open } = setting();
    const all = fill(() => open(1));
    const waiting = open(1);
    const room = waiting.room(mb);
    waiting.release();
    await room;
    for (const held of all) held.release();
    assert.equal(budget.bytesOf.callers, 0);
    await clock.advance(limits.heldCheckMs);
    assert.equal(clock.pendingTimers, 0);
  });
});
