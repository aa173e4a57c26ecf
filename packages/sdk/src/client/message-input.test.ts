/** Guarantee: every send has a message id, which makes its repeats the same message, and keeps the one that it was given. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sendRequest } from './message-input.ts';
import type { MessageInput } from './message-input.ts';

it('a message gets an id when it has none, also when the id is undefined, and keeps its own', () => {
  const parts = [{ text: 'hello' }];
  // JavaScript can give what the type refuses.
  const withUndefined = { parts, messageId: undefined } as unknown as MessageInput;
  for (const input of ['hello', parts, { parts }, withUndefined]) {
    assert.match(sendRequest(input, {}).message.messageId, /^[0-9a-f-]{36}$/);
  }
  assert.equal(sendRequest({ parts, messageId: 'mine' }, {}).message.messageId, 'mine');
});
