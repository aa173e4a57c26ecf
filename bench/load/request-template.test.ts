/** Guarantee: every request of a load is a well-formed SendMessage of the stated size with an id of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRequestTemplate, nonceChars } from './request-template.ts';

interface SentCall {
  readonly id: string;
  readonly method: string;
  readonly params: {
    readonly message: { readonly messageId: string; readonly parts: readonly { readonly text: string }[] };
  };
}

const nonce = 'a'.repeat(nonceChars);

function parts(bytes: Buffer): { head: string; body: string } {
  const [head = '', body = ''] = bytes.toString().split('\r\n\r\n');
  return { head, body };
}

describe('the prepared request', () => {
  it('carries the nonce as id, messageId and start of the text, in a body of exactly the size asked for', () => {
    const template = createRequestTemplate('127.0.0.1:80', { path: '/a' }, 1024);
    const { head, body } = parts(template.withNonce(nonce));
    assert.equal(Buffer.byteLength(body), 1024);
    assert.match(head, /^POST \/a HTTP\/1\.1\r\nHost: 127\.0\.0\.1:80\r\n/);
    assert.match(head, /\r\nContent-Length: 1024/);
    assert.doesNotMatch(head, /Authorization/);
    const { id, method, params } = JSON.parse(body) as SentCall;
    assert.equal(id, nonce);
    assert.equal(method, 'SendMessage');
    assert.equal(params.message.messageId, nonce);
    assert.ok(params.message.parts[0]?.text.startsWith(`${nonce} x`));
  });

  it('names the skill of its target, in a body of the same size', () => {
    const template = createRequestTemplate('h', { path: '/', skill: 'echo' }, 512);
    const { body } = parts(template.withNonce(nonce));
    assert.equal(Buffer.byteLength(body), 512);
    assert.match(body, /"metadata":{"urn:colloquy:extension:skill:v1":{"id":"echo"}}/);
  });

  it('leaves nothing of the nonce before', () => {
    const template = createRequestTemplate('h', { path: '/', token: 't' }, 512);
    template.withNonce(nonce);
    const next = template.withNonce('b'.repeat(nonceChars)).toString();
    assert.match(next, /Authorization: Bearer t\r\n/);
    assert.ok(!next.includes('aa'));
  });

  it('refuses a body too small to hold it', () => {
    assert.throws(() => createRequestTemplate('h', { path: '/' }, 20), RangeError);
  });
});
