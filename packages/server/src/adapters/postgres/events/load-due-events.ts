import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { EventSinkClaim } from '../../../modules/events/index.ts';
import type { Statement } from '../statement.ts';
import type { SecretColumns } from './event-sink-store.ts';

interface ReceiverColumns extends SecretColumns {
  readonly slug: string;
  readonly url: string;
  readonly scanned_seq: bigint;
}

interface EventColumns {
  readonly seq: bigint;
  readonly event_id: string;
  readonly type: string;
  readonly subject: string;
  readonly occurred_at: Date;
  readonly data: string;
  readonly attempts: number;
  readonly is_replay: boolean;
}

/** One row without an event when nothing is due. */
export type DueEventRow = ReceiverColumns & (EventColumns | { readonly seq: null });

/** The receiver and the due events of a claimed sink: replays, then the next events of the outbox, up to a number of bytes. */
export function loadDueEvents({ tenantId, name, leaseId }: EventSinkClaim): Statement<DueEventRow> {
  const { eventScanMax, eventPageMax, deliveryPageBytesMax } = limits;
  return {
    name: 'load-due-events',
    text: loadText,
    values: [uuidOf(tenantId), name, leaseId, eventScanMax, eventPageMax, deliveryPageBytesMax],
  };
}

const loadText = `
with held as materialized (
  select s.tenant_id, s.name, s.url, s.types, s.sink_id, s.secret_generation, s.attempts, s.sent_seq, t.slug,
    coalesce(s.former_secret_until > colloquy.now_utc(), false) as has_former_secret
  from colloquy.event_sinks s join colloquy.tenants t on t.tenant_id = s.tenant_id
  where s.tenant_id = $1 and s.name = $2 and s.lease_id = $3 and s.gone_at is null
),
replayed as materialized (
  select d.seq, d.event_id, d.type, d.subject, d.occurred_at, d.data::text as data, d.attempts, true as is_replay
  from colloquy.event_dead_letters d join held s on d.tenant_id = s.tenant_id and d.sink_name = s.name
  where d.is_replaying order by d.seq limit $5
),
scanned as materialized (
  select o.seq, o.event_id, o.type, o.subject, o.occurred_at, o.data::text as data, s.attempts,
    colloquy.matches_event_type(o.type, s.types) as is_wanted
  from held s join colloquy.event_outbox o on o.tenant_id = s.tenant_id and o.seq > s.sent_seq
  order by o.seq limit $4
),
wanted as materialized (
  select c.*, row_number() over pages as place, sum(octet_length(c.data)) over pages as bytes
  from scanned c where c.is_wanted window pages as (order by c.seq)
),
page as materialized (
  select w.seq, w.event_id, w.type, w.subject, w.occurred_at, w.data, case when w.place = 1 then w.attempts else 0 end as attempts,
    false as is_replay
  from wanted w where w.place = 1 or w.place <= $5 and w.bytes <= $6
),
reached as (
  select coalesce(
    case when (select count(*) from page) < (select count(*) from wanted) then (select max(seq) from page)
      else (select max(seq) from scanned) end, s.sent_seq) as scanned_seq
  from held s
)
select s.slug, s.url, s.sink_id, s.secret_generation, s.has_former_secret, r.scanned_seq,
  e.seq, e.event_id, e.type, e.subject, e.occurred_at, e.data, e.attempts, e.is_replay
from held s cross join reached r
left join (select * from replayed union all select * from page) e on true
order by e.is_replay desc, e.seq`;

/** Moves a claimed sink past the events that left the outbox before it got them, and counts them. No row when there are none. */
export function skipMissedEvents({ tenantId, name, leaseId }: EventSinkClaim): Statement<{ readonly missed: bigint }> {
  return { name: 'skip-missed-events', text: skipText, values: [uuidOf(tenantId), name, leaseId] };
}

const skipText = `
with kept as (
  select coalesce(
    (select o.seq from colloquy.event_outbox o where o.tenant_id = $1 order by o.seq limit 1),
    (select e.last_seq + 1 from colloquy.event_streams e where e.tenant_id = $1)) - 1 as dropped_seq
)
update colloquy.event_sinks s set missed = s.missed + k.dropped_seq - b.sent_seq, sent_seq = k.dropped_seq, attempts = 0
from kept k, colloquy.event_sinks b
where b.tenant_id = $1 and b.name = $2 and s.tenant_id = b.tenant_id and s.name = b.name and s.lease_id = $3 and k.dropped_seq > b.sent_seq
returning k.dropped_seq - b.sent_seq as missed`;
