/** Guarantee: signatures are those of Standard Webhooks, and each subscription has a secret of its own that no other can be made from. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { WebhookSigner } from './signature.ts';

describe('a webhook signature', () => {
  const signer = new WebhookSigner(Buffer.alloc(32, 1));
  const [one, other] = ['0'.repeat(32), '1'.repeat(32)];

  it('is v1 and the HMAC of id, time and body under the secret that the receiver is given', () => {
    const secret = signer.secretOf(one);
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update('dlv_1.1700000000.{"a":"é"}').digest('base64');
    assert.equal(signer.sign(one, 'dlv_1', 1_700_000_000, '{"a":"é"}'), `v1,${expected}`);
  });

  it('changes with everything that is signed, and with subscription and platform', () => {
    const base = signer.sign(one, 'dlv_1', 1, 'x');
    const others = [
      signer.sign(one, 'dlv_2', 1, 'x'),
      signer.sign(one, 'dlv_1', 2, 'x'),
      signer.sign(one, 'dlv_1', 1, 'y'),
      signer.sign(other, 'dlv_1', 1, 'x'),
      new WebhookSigner(Buffer.alloc(32, 2)).sign(one, 'dlv_1', 1, 'x'),
    ];
    assert.equal(new Set([base, ...others]).size, others.length + 1);
    assert.equal(new WebhookSigner(Buffer.alloc(32, 1)).secretOf(one), signer.secretOf(one));
  });
});
