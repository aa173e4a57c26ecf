/** Guarantee: a reconciliation names each figure that is off, with its difference, and says when it found none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reconciliationText } from './credit-books-text.ts';

const checkedAt = '2026-11-25T12:00:00.000Z';

describe('the text of a reconciliation', () => {
  it('has a line for each figure that is off, in credits', () => {
    const text = reconciliationText({
      checkedAt,
      drifts: [
        { of: 'available', expectedMicrocredits: 90_000_000, foundMicrocredits: 95_500_000 },
        { of: 'open-tasks', expectedMicrocredits: 3_000_000, foundMicrocredits: 0 },
      ],
    });
    assert.equal(
      text,
      [
        'FIGURE      EXPECTED  FOUND  DIFFERENCE',
        'available   90        95.5   5.5',
        'open-tasks  3         0      -3',
        '',
        `Compared at ${checkedAt}.`,
      ].join('\n'),
    );
  });

  it('says that nothing is off, or that nothing was compared', () => {
    assert.match(reconciliationText({ checkedAt, drifts: [] }), /agree as of 2026-11-25T12:00:00\.000Z\.$/);
    assert.equal(reconciliationText({ drifts: [] }), 'There was no reconciliation yet.');
  });
});
