/** Guarantee: signatures are those of Standard Webhooks, and each subscription has a secret of its own that no other can be made from. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { WebhookSigner } from './signature.ts';

const by = (subscriptionId: string, ...secretGenerations: readonly number[]) => ({ subscriptionId, secretGenerations });
const notification = (id: string, timestampSeconds: number, body: string) => ({ id, timestampSeconds, body });

describe('a webhook signature', () => {
  const signer = new WebhookSigner(Buffer.alloc(32, 1));
  const [one, other] = ['0'.repeat(32), '1'.repeat(32)];

  it('is v1 and the HMAC of id, time and body under the secret that the receiver is given', () => {
    const secret = signer.secretOf(one, 0);
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update('dlv_1.1700000000.{"a":"é"}').digest('base64');
    assert.equal(signer.sign(by(one, 0), notification('dlv_1', 1_700_000_000, '{"a":"é"}')), `v1,${expected}`);
  });

  it('is one of each secret while receivers learn a new one, so that either is enough (T18)', () => {
    const message = notification('dlv_1', 1, 'x');
    const both = signer.sign(by(one, 1, 0), message).split(' ');
    assert.deepEqual(both, [signer.sign(by(one, 1), message), signer.sign(by(one, 0), message)]);
    assert.notEqual(both[0], both[1]);
    assert.notEqual(signer.secretOf(one, 1), signer.secretOf(one, 0));
  });

  it('changes with everything that is signed, and with subscription and platform', () => {
    const base = signer.sign(by(one, 0), notification('dlv_1', 1, 'x'));
    const others = [
      signer.sign(by(one, 0), notification('dlv_2', 1, 'x')),
      signer.sign(by(one, 0), notification('dlv_1', 2, 'x')),
      signer.sign(by(one, 0), notification('dlv_1', 1, 'y')),
      signer.sign(by(other, 0), notification('dlv_1', 1, 'x')),
      new WebhookSigner(Buffer.alloc(32, 2)).sign(by(one, 0), notification('dlv_1', 1, 'x')),
    ];
    assert.equal(new Set([base, ...others]).size, others.length + 1);
    assert.equal(new WebhookSigner(Buffer.alloc(32, 1)).secretOf(one, 0), signer.secretOf(one, 0));
  });
});
