import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { PushSubscription, PushSubscriptionStore, SubscriptionPage } from '../../../modules/deliveries/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { insertRepeatedSubscription } from './insert-repeated-subscription.ts';
import { upsertSubscription } from './upsert-subscription.ts';

/** The columns of a subscription that its owner may see, as statements select them from `colloquy.push_subscriptions s`. */
const subscriptionColumns = `s.task_id, s.subscription_id, s.config_id, s.url, s.credentials_scheme, s.created_at`;

interface SubscriptionColumns {
  readonly task_id: string;
  readonly subscription_id: string;
  readonly config_id: string;
  readonly url: string;
  readonly credentials_scheme: string | null;
  readonly created_at: Date;
}

function subscriptionOf(tenantId: TenantId, row: SubscriptionColumns): PushSubscription {
  return {
    tenantId,
    taskId: idOf('tsk', row.task_id),
    subscriptionId: row.subscription_id.replaceAll('-', ''),
    configId: row.config_id,
    url: row.url,
    credentialsScheme: row.credentials_scheme,
    createdAt: row.created_at,
  };
}

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
    async subscribeRepeated(subscription, entry, isNamed) {
      const insert = insertRepeatedSubscription(subscription, entry, isNamed);
      const statements = [lockSubscriptions(subscription.taskId), insert] as const;
      const options = { tenantIds: [uuidOf(subscription.tenantId)] };
      const [, { rows }] = await untilKnown(() => inTransaction(pool, options, statements));
      if (rows[0]?.is_known !== true) return 'task-unknown';
      if (rows[0].is_kept) return 'kept';
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

/** How many subscriptions of a tenant still follow a task, counted up to `limit`. */
function countFollowed(tenantId: TenantId, limit: number): Statement<{ readonly followed: number }> {
  return {
    name: 'count-followed',
    text: `
      select count(*)::int as followed from (
        select from colloquy.push_subscriptions s where s.is_active and s.tenant_id = $1 limit $2
      ) active`,
    values: [uuidOf(tenantId), limit],
  };
}

/** Removes a subscription with its deliveries, and writes an audit entry. */
function deleteSubscription(
  tenantId: TenantId,
  taskId: TaskId,
  subscriptionId: string,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'delete-subscription',
    text: `
      with removed as (
        delete from colloquy.push_subscriptions s
        where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3
        returning s.tenant_id
      )
      insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
      select r.tenant_id, $4, $5, $6, $7, $8, $9, $10 from removed r
      on conflict (tenant_id, entry_id) do nothing`,
    values: [uuidOf(tenantId), uuidOf(taskId), subscriptionId, ...auditEntryValues(entry)],
  };
}

/** One subscription to a task. */
function findSubscription(tenantId: TenantId, taskId: TaskId, subscriptionId: string): Statement<SubscriptionColumns> {
  return {
    name: 'find-subscription',
    text: `
      select ${subscriptionColumns} from colloquy.push_subscriptions s
      where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3`,
    values: [uuidOf(tenantId), uuidOf(taskId), subscriptionId],
  };
}

/** The subscriptions to a task, by name. */
function listSubscriptions(
  tenantId: TenantId,
  taskId: TaskId,
  { afterConfigId, limit }: SubscriptionPage,
): Statement<SubscriptionColumns> {
  return {
    name: 'list-subscriptions',
    text: `
      select ${subscriptionColumns} from colloquy.push_subscriptions s
      where s.tenant_id = $1 and s.task_id = $2 and s.config_id collate "C" > $3
      order by s.config_id collate "C" limit $4`,
    values: [uuidOf(tenantId), uuidOf(taskId), afterConfigId, limit],
  };
}

/** Makes subscriptions to one task come one after the other until the transaction ends, so that their number is exact. */
function lockSubscriptions(taskId: TaskId): Statement {
  return {
    name: 'lock-subscriptions',
    text: `select pg_advisory_xact_lock(hashtextextended('push ' || $1::text, 0))`,
    values: [uuidOf(taskId)],
  };
}
