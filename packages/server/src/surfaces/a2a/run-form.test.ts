/** Guarantee: a reader of A2A 0.1 that leaves gives its view of the task back at once, also while nothing happens. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamedEvent } from '../../modules/gateway/index.ts';
import { toldUnder } from './run-form.ts';

describe('a stream of A2A 0.1', () => {
  it('is left while it waits for an event that never comes', { timeout: 5_000 }, async () => {
    let isLeft = false;
    const silent: AsyncIterator<readonly StreamedEvent[], undefined> = {
      next: () => new Promise(() => undefined),
      return: () => {
        isLeft = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    const told = toldUnder('mine', { [Symbol.asyncIterator]: () => silent })[Symbol.asyncIterator]();
    void told.next();
    void told.return?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(isLeft);
  });
});
