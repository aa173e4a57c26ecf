/** Guarantee: a log record is one line with allowed fields only, whatever was passed to it (T33, T34). */
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { logFieldNames } from '../../kernel/log-fields.ts';
import { createLogger } from './logger.ts';

function logged(fields: object, message: string): string {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  createLogger({ level: 'info', destination }).info(fields, message);
  return text;
}

const nasty = 'a\r\nb\n{"level":"fatal"}\u001b[31mred\u009b2J\u0085next\u2028line\u2029\u0000\u007f\ud800';

describe('the log', () => {
  it('has one line of JSON for each record, with no control character in any field (T34)', () => {
    for (const name of logFieldNames) {
      const text = logged({ [name]: nasty, causes: [nasty, nasty] }, nasty);
      assert.equal(text.match(/\n/g)?.length, 1, name);
      // oxlint-disable-next-line eslint/no-control-regex -- they are what it looks for
      assert.doesNotMatch(text.trimEnd(), /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\\u00|\\r|\\n/u, name);
      const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
      assert.ok(record[name] !== undefined, name);
    }
  });

  it('knows no field but those of the list, and no object under any name (T33)', () => {
    const secret = 'cls_very-secret';
    const request = { headers: { authorization: secret }, toJSON: () => secret };
    const error = Object.assign(new Error(secret), { token: secret });
    const fields = { authorization: secret, body: secret, err: error, error, req: request, url: request, what: error };
    const text = logged({ ...fields, causes: [error, request], constructor: secret, taskId: 'tsk_1' }, 'said');
    assert.doesNotMatch(text, /very-secret/);
    assert.deepEqual(Object.keys(JSON.parse(text) as object).toSorted(), ['causes', 'level', 'msg', 'taskId', 'time']);
  });

  it('keeps texts and lists within bounds', () => {
    const text = logged(
      { what: 'x'.repeat(100_000), causes: Array.from({ length: 1_000 }, () => 'y') },
      'z'.repeat(9_999),
    );
    assert.ok(text.length < 4_000, `${text.length} characters`);
  });
});
