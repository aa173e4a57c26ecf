import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { PushSubscriptionStore } from '../../../modules/deliveries/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { countFollowed } from './count-followed.ts';
import { deleteSubscription } from './delete-subscription.ts';
import { findSubscription } from './find-subscription.ts';
import { listSubscriptions } from './list-subscriptions.ts';
import { lockSubscriptions } from './lock-subscriptions.ts';
import { subscriptionOf } from './subscription-columns.ts';
import { upsertSubscription } from './upsert-subscription.ts';

/** Push subscriptions in PostgreSQL, over a pool of the application's role. */
export function createPushSubscriptionStore(pool: DatabasePool): PushSubscriptionStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async subscribe(subscription, entry) {
      const statements = [lockSubscriptions(subscription.taskId), upsertSubscription(subscription, entry)] as const;
      const options = { tenantIds: [uuidOf(subscription.tenantId)] };
      const [, { rows }] = await untilKnown(() => inTransaction(pool, options, statements));
      if (rows[0]?.is_known !== true) return 'task-unknown';
      return rows[0].is_stored ? 'subscribed' : 'full';
    },
    async find(tenantId, taskId, subscriptionId) {
      const [row] = await read(tenantId, findSubscription(tenantId, taskId, subscriptionId));
      return row === undefined ? null : subscriptionOf(tenantId, row);
    },
    async list(tenantId, taskId, page) {
      const rows = await read(tenantId, listSubscriptions(tenantId, taskId, page));
      return rows.map((row) => subscriptionOf(tenantId, row));
    },
    async unsubscribe(tenantId, taskId, subscriptionId, entry) {
      const statement = deleteSubscription(tenantId, taskId, subscriptionId, entry);
      await untilKnown(() => inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    },
    async isFull(tenantId) {
      const bound = limits.pushSubscriptionsPerTenantMax;
      return ((await read(tenantId, countFollowed(tenantId, bound)))[0]?.followed ?? 0) >= bound;
    },
  };
}
