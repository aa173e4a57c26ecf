/** Guarantee: a table as CSV is read back as it was, no text of it runs as a formula in a spreadsheet, and only clients that prefer CSV get it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnsweredCsv, csvText, prefersCsv } from './csv.ts';

const textOf = (...rows: readonly (readonly (string | number | bigint)[])[]): string =>
  csvText(new AnsweredCsv('a', rows));

describe('CSV', () => {
  it('quotes commas, quotes and line breaks, and ends lines as RFC 4180 does', () => {
    assert.equal(textOf(['name', 'calls'], ['a', 1n]), 'name,calls\r\na,1\r\n');
    assert.equal(textOf(['a,b', 'say "hi"', 'two\r\nlines', '']), '"a,b","say ""hi""","two\r\nlines",\r\n');
  });

  it('puts an apostrophe before every text that a spreadsheet would run, and before no number', () => {
    for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1', '＋1', '－1', '＠A'])
      assert.equal(textOf([text]), `'${text}\r\n`);
    assert.equal(textOf(['\n=1', '\r=1', '=HYPERLINK("x")']), `"'\n=1","'\r=1","'=HYPERLINK(""x"")"\r\n`);
    assert.equal(textOf([-1, 0n, 'a=1', "it's"]), "-1,0,a=1,it's\r\n");
  });

  it('is for clients that prefer it to JSON', () => {
    for (const accept of [
      'text/csv',
      'Text/CSV; header=present',
      'text/csv, */*;q=0.1',
      'application/json;q=0.5, text/csv',
    ])
      assert.ok(prefersCsv(accept), accept);
    for (const accept of [
      undefined,
      '*/*',
      'application/json',
      'text/csv, application/json',
      'text/csv;q=0',
      'text/csv;q=x',
      'a/csv',
    ])
      assert.ok(!prefersCsv(accept), accept);
  });
});
