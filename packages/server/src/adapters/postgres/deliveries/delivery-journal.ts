import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { DeliveryJournal } from '../../../modules/deliveries/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { deliveryOf } from './delivery-columns.ts';
import { findDelivery } from './find-delivery.ts';
import { listDeliveries } from './list-deliveries.ts';
import { replayDelivery } from './replay-delivery.ts';
import { rotateSigningSecret } from './rotate-signing-secret.ts';

/** Deliveries as the administrators of their tenant see them, over a pool of the application's role. */
export function createDeliveryJournal(pool: DatabasePool): DeliveryJournal {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async list(tenantId, query) {
      return (await read(tenantId, listDeliveries(tenantId, query))).map(deliveryOf);
    },
    async find(tenantId, deliveryId) {
      const [row] = await read(tenantId, findDelivery(tenantId, deliveryId));
      return row === undefined ? null : deliveryOf(row);
    },
    async replay(tenantId, deliveryId, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const statement = replayDelivery(tenantId, deliveryId, entry);
      const [{ rows }] = await whenAvailable(inTransaction(pool, options, [statement]));
      if (rows[0]?.is_known !== true) return 'unknown';
      return rows[0].is_queued ? 'queued' : 'pending';
    },
    async rotateSecret(tenantId, wish, entry) {
      const statement = rotateSigningSecret(tenantId, wish, entry);
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      const [row] = rows;
      if (row === undefined) return null;
      const { subscription_id: id, secret_generation: generation, former_secret_until: formerUntil } = row;
      return { subscriptionId: id.replaceAll('-', ''), generation, formerUntil };
    },
  };
}
