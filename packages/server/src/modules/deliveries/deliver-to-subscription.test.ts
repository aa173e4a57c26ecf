/** Guarantee: a claim on a subscription is released when its due events cannot be read, and outlasts a challenge with a notification. */
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

describe('a claim on a subscription', () => {
  it('is released when its due events cannot be read', async () => {
    const released: string[] = [];
    const ports: SubscriptionDeliveryPorts = {
      queue: {
        claim: unused,
        load: () => Promise.reject(new PlatformError('platform.unavailable')),
        record: unused,
        release: ({ leaseId }) => Promise.resolve(void released.push(leaseId)),
      },
      sender: { open: unused, signingSecretOf: unused },
      log: { readTail: unused },
      budget: new ByteBudget({ clock: new FakeClock(), bytesMax: limits.heldBytesMax }),
      secretBox: { seal: unused, open: unused },
      random: { bytes: (length) => new Uint8Array(length) },
      retryMs: 1,
      isChallenging: false,
      isHeld: () => true,
      signal: new AbortController().signal,
      report: unused,
    };
    await assert.rejects(deliverToSubscription(ports, claim), { code: 'platform.unavailable' });
    assert.deepEqual(released, [uuid]);
  });

  it('lasts longer than a challenge and a notification together', () => {
    assert.ok(limits.deliveryLeaseMs > 1.5 * (2 * limits.deliveryMsMax));
  });
});
