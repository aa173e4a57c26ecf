/** Guarantee: the load generator counts an answer only when it has all of it and nothing else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseResponse } from './http-response.ts';

const sized = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const chunked = 'HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n';
const parse = (text: string) => parseResponse(Buffer.from(text, 'latin1'));

describe('parsing one answer', () => {
  for (const [name, text, status] of [
    ['sized', sized, 200],
    ['chunked', chunked, 201],
  ] as const) {
    it(`reads a ${name} body whole`, () => {
      const parsed = parse(text);
      assert.equal(parsed.kind, 'complete');
      assert.ok(parsed.kind === 'complete');
      assert.equal(parsed.status, status);
      assert.equal(parsed.body.toString(), 'hello');
      assert.equal(parsed.keepAlive, true);
    });

    it(`waits for every byte of a ${name} body`, () => {
      for (let length = 0; length < text.length; length += 1) {
        assert.equal(parse(text.slice(0, length)).kind, 'incomplete', `after ${length} bytes`);
      }
    });

    it(`refuses bytes after a ${name} body`, () => {
      assert.equal(parse(`${text}x`).kind, 'invalid');
    });
  }

  it('sees that the server closes', () => {
    const parsed = parse('HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 0\r\n\r\n');
    assert.ok(parsed.kind === 'complete' && !parsed.keepAlive);
  });

  it('refuses what is not an answer it can bound', () => {
    assert.equal(parse('SSH-2.0-x\r\n\r\n').kind, 'invalid');
    assert.equal(parse('HTTP/1.1 200 OK\r\n\r\n').kind, 'invalid');
    assert.equal(parse('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n').kind, 'invalid');
  });
});
