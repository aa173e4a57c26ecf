/** Guarantee: an agent is left alone for as long as it asks, and never longer than the bound, whatever it asks for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import { retryAfterOf } from './retry-after.ts';

const date = 'Sat, 21 Nov 2026 10:00:00 GMT';

describe('what an agent asks for with its refusal', () => {
  const cases: readonly (readonly [string, string | string[] | undefined, number | null])[] = [
    ['seconds', '7', 7_000],
    ['a date, from the date of the answer', 'Sat, 21 Nov 2026 10:00:09 GMT', 9_000],
    ['more than the bound', '9999999999', limits.upstreamRetryAfterMsMax],
    ['a date beyond the bound', 'Mon, 21 Nov 2050 10:00:00 GMT', limits.upstreamRetryAfterMsMax],
    ['nothing', undefined, null],
    ['no time at all', '0', null],
    ['a date that has passed', 'Sat, 21 Nov 2026 09:00:00 GMT', null],
    ['a number below zero', '-5', null],
    ['a fraction', '1.5', null],
    ['more digits than a time has', '1'.repeat(400), null],
    ['words', 'soon', null],
    ['two of it', ['1', '2'], null],
  ];
  for (const [name, asked, waitMs] of cases) {
    it(`is understood: ${name}`, () => {
      const headers = { date, ...(asked === undefined ? {} : { 'retry-after': asked }) };
      assert.equal(retryAfterOf(503, headers), waitMs);
      assert.equal(retryAfterOf(429, headers), waitMs);
    });
  }

  it('counts with the two statuses that are about load, and with no other', () => {
    for (const status of [200, 301, 400, 401, 404, 500, 502, 504])
      assert.equal(retryAfterOf(status, { date, 'retry-after': '7' }), null);
  });

  it('is nothing when it is a date and the answer has none', () => {
    assert.equal(retryAfterOf(503, { 'retry-after': 'Sat, 21 Nov 2026 10:00:09 GMT' }), null);
  });
});
