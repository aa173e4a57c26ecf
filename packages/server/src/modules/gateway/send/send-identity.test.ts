/** Guarantee: the same send is recognised as the same, and nothing else is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SendMessageRequest } from '@colloquy/protocol';
import { everything } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { identifySend } from './send-identity.ts';

const callerOf = (id: string): Caller => ({
  principal: { kind: 'oauth-client', id },
  actors: [],
  boundTo: null,
  status: { tenantId: 'tnt_1', revocable: [], parties: [], keyId: null },
  tenant: { id: 'tnt_1', slug: 't' },
  scopes: new Set(),
  access: everything,
  requestId: 'req_1',
  expiresAtMs: 1,
  signal: new AbortController().signal,
});
const caller = callerOf('cli_1');
const request: SendMessageRequest = {
  message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'a' }] },
  metadata: { k: 1 },
};
const otherBody: SendMessageRequest = { ...request, message: { ...request.message, parts: [{ text: 'b' }] } };
const echo = { tenantSlug: 't', agentName: 'echo' };
const base = identifySend(caller, echo, request, undefined);

describe('the identity of a send', () => {
  it('is 128 bits each of key and fingerprint, and the same for the same send', () => {
    assert.deepEqual(identifySend(caller, echo, structuredClone(request), undefined), base);
    assert.match(base.keyHash, /^[0-9a-f]{32}$/);
    assert.match(base.fingerprint, /^[0-9a-f]{32}$/);
  });

  it('does not depend on how the answer is wanted', () => {
    const configured = { ...request, configuration: { returnImmediately: true, historyLength: 3 } };
    assert.deepEqual(identifySend(caller, echo, configured, undefined), base);
  });

  it('is another key for another principal, address, messageId and, without an Idempotency-Key, another body', () => {
    const keys = [
      base,
      identifySend(callerOf('cli_2'), echo, request, undefined),
      identifySend(caller, { ...echo, agentName: 'other' }, request, undefined),
      identifySend(caller, { ...echo, tenantSlug: 'other' }, request, undefined),
      identifySend(caller, echo, { ...request, message: { ...request.message, messageId: 'n' } }, undefined),
      identifySend(caller, echo, otherBody, undefined),
      identifySend(caller, echo, { message: request.message }, undefined),
      // A key of the form of a messageId is no messageId.
      identifySend(caller, echo, request, 'm'),
    ].map(({ keyHash }) => keyHash);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('is one key with two fingerprints for two bodies under one Idempotency-Key', () => {
    const [one, other] = [identifySend(caller, echo, request, 'k'), identifySend(caller, echo, otherBody, 'k')];
    assert.equal(one.keyHash, other.keyHash);
    assert.notEqual(one.fingerprint, other.fingerprint);
  });
});
