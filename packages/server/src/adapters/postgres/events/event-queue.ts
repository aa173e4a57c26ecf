import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ClaimRequest } from '../../../modules/deliveries/index.ts';
import type { DueEvents, EventQueue, EventSinkClaim } from '../../../modules/events/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { loadDueEvents, skipMissedEvents } from './load-due-events.ts';
import type { DueEventRow } from './load-due-events.ts';
import { recordEventDelivery } from './record-event-delivery.ts';
import { secretsOf } from './event-sink-store.ts';

/** `workers` claims across tenants and sees no event; everything else is done as the one tenant it is about, by `tenants`. */
export function createEventQueue(workers: DatabasePool, tenants: DatabasePool): EventQueue {
  const optionsOf = ({ tenantId }: EventSinkClaim): { readonly tenantIds: readonly string[] } => ({
    tenantIds: [uuidOf(tenantId)],
  });
  return {
    async claim(nodeId, request) {
      const statements = [freeSinksOfTheDead(), claimEventSinks(nodeId, request)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, statements));
      return rows.map((row) => ({
        tenantId: idOf('tnt', row.tenant_id),
        name: row.name,
        origin: row.origin,
        nodeId,
        leaseId: row.lease_id,
      }));
    },
    async load(claim) {
      const statements = [skipMissedEvents(claim), loadDueEvents(claim)] as const;
      const [skipped, due] = await whenAvailable(inTransaction(tenants, optionsOf(claim), statements));
      return dueEventsOf(due.rows, skipped.rows[0]?.missed ?? 0n);
    },
    async record(claim, record) {
      const statements = [lockSinkClaim(claim), recordEventDelivery(claim, record)] as const;
      const [, { rows }] = await untilKnown(() => inTransaction(tenants, optionsOf(claim), statements));
      return rows.length === 1;
    },
    async release(claim, sentSeq) {
      const statements = [lockSinkClaim(claim), releaseSink(claim, sentSeq)] as const;
      await untilKnown(() => inTransaction(tenants, optionsOf(claim), statements));
    },
  };
}

function dueEventsOf(rows: readonly DueEventRow[], missed: bigint): DueEvents | null {
  const [first] = rows;
  if (first === undefined) return null;
  return {
    tenantSlug: first.slug,
    url: first.url,
    ...secretsOf(first),
    scannedSeq: first.scanned_seq,
    missed,
    events: rows.flatMap((row) =>
      row.seq === null
        ? []
        : [
            {
              seq: row.seq,
              eventId: idOf('evt', row.event_id),
              type: row.type,
              subject: row.subject,
              time: row.occurred_at,
              dataJson: row.data,
              attempts: row.attempts,
              isReplay: row.is_replay,
            },
          ],
    ),
  };
}

/** Releases the claims of dead nodes, without waiting until they expire. */
function freeSinksOfTheDead(): Statement {
  return {
    name: 'free-sinks-of-the-dead',
    text: `
      update colloquy.event_sinks s set lease_id = null, lease_node_id = null, lease_until = null
      from colloquy.nodes n
      where s.lease_until > colloquy.now_utc() and n.node_id = s.lease_node_id and n.dead_at is not null`,
    values: [],
  };
}

interface ClaimedRow {
  readonly tenant_id: string;
  readonly name: string;
  readonly origin: string;
  readonly lease_id: string;
}

/** Claims sinks with due events, the longest waiting first, with a bound for each origin and each tenant. A node that is unknown or dead gets none. */
function claimEventSinks(nodeId: NodeId, request: ClaimRequest): Statement<ClaimedRow> {
  const shareMax = limits.eventSinksInFlightPerTenantMax;
  return {
    name: 'claim-event-sinks',
    text: claimText,
    values: [
      uuidOf(nodeId),
      request.busyOrigins,
      request.busyTenants.map(uuidOf),
      limits.eventSinksPerPollMax,
      shareMax,
      request.limit,
      limits.deliveryLeaseMs,
    ],
  };
}

const claimText = `
with due as materialized (
  select d.*, row_number() over (partition by d.origin order by d.due_at) as in_origin,
    row_number() over (partition by d.tenant_id order by d.due_at) as in_tenant
  from colloquy.find_due_event_sinks($2::text[], $3::uuid[], $4) d
  where exists (select from colloquy.nodes taker where taker.node_id = $1 and taker.dead_at is null)
),
taken as (
  select s.tenant_id, s.name
  from colloquy.event_sinks s join due d on d.tenant_id = s.tenant_id and d.name = s.name
  where d.in_origin <= $5 and d.in_tenant <= $5
    and s.gone_at is null and s.due_at <= colloquy.now_utc() and (s.lease_until is null or s.lease_until <= colloquy.now_utc())
  order by d.due_at limit $6 for update of s skip locked
)
update colloquy.event_sinks s
set lease_id = gen_random_uuid(), lease_node_id = $1, lease_until = colloquy.now_utc() + $7::float8 * interval '1 millisecond'
from taken k
where s.tenant_id = k.tenant_id and s.name = k.name
returning s.tenant_id, s.name, s.origin, s.lease_id`;

/** Locks a claimed sink, so that the statement after it sees every replay that was requested before. */
function lockSinkClaim({ tenantId, name, leaseId }: EventSinkClaim): Statement {
  return {
    name: 'lock-event-sink-claim',
    text: `select from colloquy.event_sinks s where s.tenant_id = $1 and s.name = $2 and s.lease_id = $3 for update`,
    values: [uuidOf(tenantId), name, leaseId],
  };
}

/** Releases a claim. Dead letters that waited for a replay may have been deleted meanwhile: without any left, the sink is not due for them again. */
function releaseSink({ tenantId, name, leaseId }: EventSinkClaim, sentSeq: bigint | null): Statement {
  return {
    name: 'release-event-sink',
    text: `
      update colloquy.event_sinks s
      set lease_id = null, lease_node_id = null, lease_until = null, sent_seq = greatest(s.sent_seq, $4::bigint),
        has_replays = s.has_replays and exists (
          select from colloquy.event_dead_letters d where d.tenant_id = $1 and d.sink_name = $2 and d.is_replaying)
      where s.tenant_id = $1 and s.name = $2 and s.lease_id = $3`,
    values: [uuidOf(tenantId), name, leaseId, sentSeq],
  };
}
