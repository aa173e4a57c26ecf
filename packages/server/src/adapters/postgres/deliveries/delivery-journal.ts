import { uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { DeliveryJournal, DeliveryQuery } from '../../../modules/deliveries/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { deliveryColumns, deliveryOf } from './delivery-columns.ts';
import type { DeliveryColumns } from './delivery-columns.ts';

/** Deliveries of a tenant in the order of their tasks, subscriptions and events. */
function listDeliveries(tenantId: TenantId, query: DeliveryQuery): Statement<DeliveryColumns> {
  const { after } = query;
  const filters = [
    `d.tenant_id = $1`,
    `($2::text is null or d.state = $2)`,
    `($3::uuid is null or d.task_id = $3)`,
    `(d.task_id, d.subscription_id, d.seq) > ($4, $5, $6)`,
  ];
  // One that only the dead can satisfy, so that the index of the dead is used.
  if (query.state === 'dead') filters.push(`d.state = 'dead'`);
  return {
    name: query.state === 'dead' ? 'list-dead-deliveries' : 'list-deliveries',
    text: `
      select ${deliveryColumns} where ${filters.join(' and ')}
      order by d.task_id, d.subscription_id, d.seq limit $7`,
    values: [
      uuidOf(tenantId),
      query.state,
      query.taskId,
      after?.taskId ?? lowest,
      after?.subscriptionId ?? lowest,
      after?.seq ?? 0,
      query.limit,
    ],
  };
}

const lowest = '00000000-0000-0000-0000-000000000000';

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
    async rotateSecret(tenantId, request, entry) {
      const statement = rotateSigningSecret(tenantId, request, entry);
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      const [row] = rows;
      if (row === undefined) return null;
      const { subscription_id: id, secret_generation: generation, former_secret_until: formerUntil } = row;
      return { subscriptionId: id.replaceAll('-', ''), generation, formerUntil };
    },
  };
}

export const deliveryPorts = (pool: DatabasePool) => ({ deliveries: createDeliveryJournal(pool) });

/** One delivery of a tenant. */
function findDelivery(tenantId: TenantId, deliveryId: DeliveryId): Statement<DeliveryColumns> {
  return {
    name: 'find-delivery',
    text: `select ${deliveryColumns} where d.tenant_id = $1 and d.delivery_id = $2`,
    values: [uuidOf(tenantId), uuidOf(deliveryId)],
  };
}

interface ReplayedRow {
  readonly is_known: boolean;
  readonly is_queued: boolean;
}

/** Queues a finished delivery again and makes its subscription due, with an audit entry. A delivery that is being retried stays as it is. */
function replayDelivery(tenantId: TenantId, deliveryId: DeliveryId, entry: NewAuditEntry): Statement<ReplayedRow> {
  return {
    name: 'replay-delivery',
    text: replayDeliverySql,
    values: [uuidOf(tenantId), uuidOf(deliveryId), ...auditEntryValues(entry)],
  };
}

// The subscription first: the statement that records an attempt locks it before its deliveries.
const replayDeliverySql = `
with known as materialized (
  select s.tenant_id, s.task_id, s.subscription_id, d.seq
  from colloquy.deliveries d
  join colloquy.push_subscriptions s
    on s.tenant_id = d.tenant_id and s.task_id = d.task_id and s.subscription_id = d.subscription_id
  where d.tenant_id = $1 and d.delivery_id = $2
  for update of s
),
queued as (
  update colloquy.deliveries d set state = 'replaying', attempts = 0
  from known k
  where d.tenant_id = k.tenant_id and d.task_id = k.task_id and d.subscription_id = k.subscription_id and d.seq = k.seq
    and d.state in ('delivered', 'dead')
  returning d.tenant_id, d.task_id, d.subscription_id
),
woken as (
  update colloquy.push_subscriptions s set has_replays = true, is_active = true, due_at = colloquy.now_utc()
  from queued q
  where s.tenant_id = q.tenant_id and s.task_id = q.task_id and s.subscription_id = q.subscription_id
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select q.tenant_id, $3, $4, $5, $6, $7, $8, $9 from queued q
  on conflict (tenant_id, entry_id) do nothing
)
select exists (select from known) as is_known, exists (select from queued) as is_queued`;

interface RotatedSecretRow {
  readonly subscription_id: string;
  readonly secret_generation: number;
  readonly former_secret_until: Date;
}

/** Makes the next secret sign for the subscription of a delivery, beside the former one for a while. With an audit entry. */
function rotateSigningSecret(
  tenantId: TenantId,
  { deliveryId, overlapMs }: { readonly deliveryId: DeliveryId; readonly overlapMs: number },
  entry: NewAuditEntry,
): Statement<RotatedSecretRow> {
  return {
    name: 'rotate-signing-secret',
    text: rotateSigningSecretSql,
    values: [uuidOf(tenantId), uuidOf(deliveryId), overlapMs, ...auditEntryValues(entry)],
  };
}

const rotateSigningSecretSql = `
with rotated as (
  update colloquy.push_subscriptions s set secret_generation = s.secret_generation + 1,
    former_secret_until = colloquy.now_utc() + $3::float8 * interval '1 millisecond'
  from colloquy.deliveries d
  where d.tenant_id = $1 and d.delivery_id = $2
    and s.tenant_id = d.tenant_id and s.task_id = d.task_id and s.subscription_id = d.subscription_id
  returning s.tenant_id, s.subscription_id, s.secret_generation, s.former_secret_until
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $4, $5, $6, $7, $8, $9, $10 from rotated
)
select subscription_id, secret_generation, former_secret_until from rotated`;
