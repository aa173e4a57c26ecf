/** Guarantee: ids are unique, have one shape, and sort in the order they were made. Pages and cursors rely on it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createIdSource, idOf, isId, uuidOf } from './ids.ts';

const at = (nowMs: () => number) =>
  createIdSource(
    { nowMs, monotonicMs: nowMs, after: () => () => undefined },
    { bytes: (length) => randomBytes(length) },
  );

describe('ids', () => {
  it('sort in the order they were made within one millisecond, however many there are', () => {
    const ids = at(() => 1_700_000_000_000);
    const made = Array.from({ length: 20_000 }, () => ids.next('ent'));
    assert.deepEqual(made.toSorted(), made);
    assert.equal(new Set(made).size, made.length);
  });

  it('go on sorting when the clock steps back', () => {
    let nowMs = 1_700_000_000_000;
    const ids = at(() => nowMs);
    const before = ids.next('tsk');
    nowMs -= 60_000;
    assert.ok(ids.next('tsk') > before);
  });

  it('are UUIDv7 with a prefix, there and back', () => {
    const nowMs = 1_700_000_000_123;
    const id = at(() => nowMs).next('tsk');
    assert.ok(isId('tsk', id) && !isId('agt', id));
    const hex = uuidOf(id);
    assert.match(hex, /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    assert.equal(Number.parseInt(hex.slice(0, 12), 16), nowMs);
    const dashed = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    assert.equal(idOf('tsk', dashed), id);
  });
});
