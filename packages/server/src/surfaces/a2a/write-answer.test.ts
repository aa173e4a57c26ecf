/** Guarantee: an answer that its reader does not take, long or not, gives its bytes back when others need them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import type { FastifyReply } from 'fastify';
import { ByteBudget } from '../../kernel/byte-budget.ts';
import { limits } from '../../kernel/limits.ts';
import { writeAnswer } from './write-answer.ts';

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
