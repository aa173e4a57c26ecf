/** Guarantee: a program counts as ready only when it said so in a whole line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonLines, readyLine, tailOf } from './log-lines.ts';

describe('reading a program’s log', () => {
  it('finds the ready line among others', () => {
    const log = 'warning: x\n{"msg":"starting"}\n{"msg":"ready","url":"http://127.0.0.1:1/"}\n';
    assert.equal(readyLine(log)?.['url'], 'http://127.0.0.1:1/');
  });

  it('waits for the end of the line', () => {
    assert.equal(readyLine('{"msg":"ready","url":"http://127.0.0.1:1"}'), undefined);
    assert.equal(readyLine('{"msg":"ready","url":"http://127.0'), undefined);
  });

  it('passes over what is no JSON object', () => {
    assert.deepEqual(jsonLines('{broken\n[1]\n{"a":1}\n'), [{ a: 1 }]);
    assert.equal(readyLine('msg ready\n'), undefined);
  });

  it('keeps the end of a long log', () => {
    const log = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    assert.ok(tailOf(log).endsWith('line 99'));
    assert.ok(!tailOf(log).includes('line 10\n'));
  });
});
