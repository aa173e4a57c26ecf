import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryJournal } from './delivery-store.ts';

export interface ReplayPorts {
  readonly deliveries: DeliveryJournal;
  readonly ids: IdSource;
}

/**
 * Delivers a notification again under the same id, with one attempt. Returns the delivery in its new state. Throws `delivery.unknown`, and
 * `delivery.pending` for a delivery that is still being retried.
 */
export function replayDelivery(ports: ReplayPorts) {
  return async (caller: Caller, deliveryId: string): Promise<Delivery> => {
    if (!isId('dlv', deliveryId)) throw new PlatformError('delivery.unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'delivery.replayed',
      outcome: 'succeeded',
      resource: `deliveries/${deliveryId}`,
      facts: {},
    });
    const outcome = await ports.deliveries.replay(caller.tenant.id, deliveryId, entry);
    if (outcome === 'pending') throw new PlatformError('delivery.pending');
    const delivery = outcome === 'unknown' ? null : await ports.deliveries.find(caller.tenant.id, deliveryId);
    if (delivery === null) throw new PlatformError('delivery.unknown');
    return delivery;
  };
}
