/** Guarantee: an answer that its reader does not take, long or not, gives its bytes back when others need them; a long one is written while others are served. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import type { FastifyReply } from 'fastify';
import { ByteBudget } from '../../kernel/byte-budget.ts';
import { FairQueue } from '../../kernel/fair-queue.ts';
import { limits } from '../../kernel/limits.ts';
import { encodeInPieces, writeAnswer } from './write-answer.ts';

describe('an answer that is not read', () => {
  it('loses its connection when others of its tenant wait for its bytes', async () => {
    const clock = new FakeClock();
    const budget = new ByteBudget({ clock, bytesMax: 100_000 });
    const open = () => budget.open({ tenantId: 'tnt_1', partyId: 'client', kind: 'callers' });
    const held = open();
    let isClosed = false;
    const raw = {
      headersSent: false,
      writableLength: 0,
      writeHead: () => undefined,
      end(text: string): void {
        raw.writableLength = text.length;
      },
      destroy: () => {
        isClosed = true;
        held.release();
      },
    };
    const reply = { hijack: () => undefined, raw } as unknown as FastifyReply;
    writeAnswer(reply, { status: 200, headers: {}, body: 'x'.repeat(60_000), held });
    // The first one that waits may go on; the other needs room.
    assert.equal(open().take(30_000), undefined);
    const waiting = open().take(20_000);
    assert.notEqual(waiting, undefined);
    await clock.advance(limits.heldAnswerStallMs - limits.heldCheckMs);
    assert.equal(isClosed, false);
    const outcome = Promise.allSettled([waiting]);
    await clock.advance(2 * limits.heldCheckMs);
    assert.equal(isClosed, true);
    await outcome;
  });
});

describe('a long answer', () => {
  it('is written in many short pieces, between which other tenants are served', async () => {
    const clock = new FakeClock();
    const longWork = new FairQueue({ clock, soon: setImmediate });
    const budget = new ByteBudget({ clock, bytesMax: 100_000_000, longWork });
    const held = budget.open({ tenantId: 'tnt_1', partyId: 'client', kind: 'callers' });
    held.add(8_000_000);
    const value = { artifacts: [{ parts: Array.from({ length: 8 }, () => ({ text: 'é'.repeat(1_000_000) })) }] };
    const frame = (json: string): string => `{"jsonrpc":"2.0","id":100,"result":${json}}`;
    let othersServed = 0;
    const writing = encodeInPieces(frame, value, held);
    const served = Array.from({ length: 20 }, () => longWork.run('tnt_2', () => (othersServed += 1)));
    await Promise.race([writing.then(() => assert.fail('it was written at once')), Promise.all(served)]);
    const pieces = await writing;
    assert.equal(Buffer.concat(pieces).toString(), frame(JSON.stringify(value)));
    assert.ok(pieces.length > 20, `${String(pieces.length)} pieces`);
    assert.equal(othersServed, 20);
  });

  it('is not written on for a caller that has left', async () => {
    const clock = new FakeClock();
    const budget = new ByteBudget({
      clock,
      bytesMax: 100_000_000,
      longWork: new FairQueue({ clock, soon: setImmediate }),
    });
    const held = budget.open({ tenantId: 'tnt_1', partyId: 'client', kind: 'callers' });
    held.add(8_000_000);
    const writing = encodeInPieces(String, ['x'.repeat(8_000_000)], held);
    held.release();
    await assert.rejects(writing, { code: 'request.canceled' });
  });
});
