/** Guarantee: what people read is exact, and what others wrote can not drive their terminal. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { creditsText, microcreditsOf } from './credits.ts';
import { columnsOf, printable, table } from './table.ts';

describe('credits', () => {
  it('survive being written and read', () => {
    for (const [text, microcredits] of [
      ['0', 0],
      ['1', 1_000_000],
      ['0.5', 500_000],
      ['0.000001', 1],
      ['12.345678', 12_345_678],
      ['9000000000', 9_000_000_000_000_000],
    ] as const) {
      assert.equal(microcreditsOf(text, 'x'), microcredits);
      assert.equal(creditsText(microcredits), text);
    }
  });
});

describe('tables', () => {
  it('align their columns and keep every row on one line', () => {
    const text = table(
      ['NAME', 'SAYS'],
      [
        ['é', 'one\ntwo'],
        ['long name', 'x'],
      ],
    );
    assert.equal(text, 'NAME       SAYS\né          one two\nlong name  x');
  });

  it('align wide, combining and coloured text by the columns that a terminal gives them', () => {
    const text = table(
      ['NAME', 'SAYS'],
      [
        ['翻訳', 'x'],
        ['e\u0301te\u0301', 'y'],
        ['👩‍👩‍👧', 'z'],
      ],
    );
    assert.equal(text, 'NAME  SAYS\n翻訳  x\ne\u0301te\u0301   y\n👩‍👩‍👧    z');
    assert.equal(columnsOf('\u001b[31mred\u001b[39m'), 3);
  });

  it('show control characters instead of obeying them', () => {
    assert.equal(printable('a\u001b[2Jb\u0007\u009b1m\n\tc'), 'a·[2Jb··1m\n\tc');
  });
});
