import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ClaimRequest } from '../../../modules/deliveries/index.ts';
import type { Statement } from '../statement.ts';

export interface ClaimedRow {
  readonly tenant_id: string;
  readonly task_id: string;
  readonly subscription_id: string;
  readonly origin: string;
  readonly lease_id: string;
}

/**
 * Claims subscriptions with due events, the longest waiting first, with a bound for each origin and each tenant.
 * A node that is unknown or dead gets none. Subscriptions that another node claims at the same moment are skipped.
 */
export function claimSubscriptions(nodeId: NodeId, request: ClaimRequest): Statement<ClaimedRow> {
  return {
    name: 'claim-subscriptions',
    text,
    values: [
      uuidOf(nodeId),
      request.busyOrigins,
      request.busyTenants.map(uuidOf),
      limits.deliveriesPerPollMax,
      limits.deliveriesPerOriginMax,
      limits.deliveriesPerTenantMax,
      request.limit,
      limits.deliveryLeaseMs,
    ],
  };
}

const text = `
with due as materialized (
  select d.*, row_number() over (partition by d.origin order by d.due_at) as in_origin,
    row_number() over (partition by d.tenant_id order by d.due_at) as in_tenant
  from colloquy.find_due_subscriptions($2::text[], $3::uuid[], $4) d
  where exists (select from colloquy.nodes taker where taker.node_id = $1 and taker.dead_at is null)
),
taken as (
  select s.tenant_id, s.task_id, s.subscription_id
  from colloquy.push_subscriptions s
  join due d on d.tenant_id = s.tenant_id and d.task_id = s.task_id and d.subscription_id = s.subscription_id
  where d.in_origin <= $5 and d.in_tenant <= $6
    and s.is_active and s.due_at <= colloquy.now_utc() and (s.lease_until is null or s.lease_until <= colloquy.now_utc())
  order by d.due_at limit $7 for update of s skip locked
)
update colloquy.push_subscriptions s
set lease_id = gen_random_uuid(), lease_node_id = $1,
  lease_until = colloquy.now_utc() + $8 * interval '1 millisecond'
from taken k
where s.tenant_id = k.tenant_id and s.task_id = k.task_id and s.subscription_id = k.subscription_id
returning s.tenant_id, s.task_id, s.subscription_id, s.origin, s.lease_id`;
