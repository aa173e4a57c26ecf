/** Guarantee: a claim on a subscription is released when its due events cannot be read or find no room, and outlasts a challenge with a notification. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { ByteBudget } from '../../kernel/byte-budget.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { idOf } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { deliverToSubscription } from './deliver-to-subscription.ts';
import type { SubscriptionDeliveryPorts } from './deliver-to-subscription.ts';

const uuid = '0190a1b2-0000-7000-8000-000000000001';
const claim = {
  tenantId: idOf('tnt', uuid),
  taskId: idOf('tsk', uuid),
  subscriptionId: uuid.replaceAll('-', ''),
  origin: 'https://receiver.example',
  nodeId: idOf('nod', uuid),
  leaseId: uuid,
};
const unused = (): never => assert.fail('Nothing may be told.');

function setting(load: SubscriptionDeliveryPorts['queue']['load']) {
  const clock = new FakeClock();
  const budget = new ByteBudget({ clock, bytesMax: limits.heldBytesMax });
  const aborter = new AbortController();
  const released: [string, number | undefined][] = [];
  const ports: SubscriptionDeliveryPorts = {
    queue: {
      claim: unused,
      load,
      record: unused,
      release: ({ leaseId }, _sentSeq, delayMs) => Promise.resolve(void released.push([leaseId, delayMs])),
    },
    clock,
    sender: { open: unused, signingSecretOf: unused },
    log: { readTail: unused },
    budget,
    secretBox: { seal: unused, open: unused },
    random: { bytes: (length) => new Uint8Array(length) },
    retryMs: 5_000,
    isChallenging: false,
    isHeld: () => true,
    signal: aborter.signal,
    report: unused,
  };
  return { clock, budget, aborter, released, ports };
}

describe('a claim on a subscription', () => {
  it('is released when its due events cannot be read', async () => {
    const { ports, released } = setting(() => Promise.reject(new PlatformError('platform.unavailable')));
    await assert.rejects(deliverToSubscription(ports, claim), { code: 'platform.unavailable' });
    assert.deepEqual(released, [[uuid, 0]]);
  });

  it('is released for a while when there is no room for its events, and at once when the node stops', async () => {
    for (const ends of ['late', 'stopped']) {
      const { ports, released, budget, clock, aborter } = setting(unused);
      const full = budget.open({ tenantId: claim.tenantId, partyId: 'agent', kind: 'agents' });
      full.add(limits.heldBytesMax);
      // The one that may go on beyond the bound.
      assert.equal(full.room(), undefined);
      const delivering = deliverToSubscription(ports, claim);
      await clock.advance(limits.deliveryRoomMs - 1);
      assert.deepEqual(released, []);
      if (ends === 'stopped') aborter.abort();
      else await clock.advance(1);
      await delivering;
      assert.deepEqual(released, [[uuid, ends === 'late' ? ports.retryMs : 0]]);
      assert.equal(budget.bytesOf.receivers, 0);
    }
  });

  it('lasts longer than a challenge and a notification together', () => {
    assert.ok(limits.deliveryLeaseMs > 1.5 * (2 * limits.deliveryMsMax));
  });
});
