import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { DeliveryClaim } from '../../../modules/deliveries/index.ts';
import type { TaskEventKind } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

export interface DueWorkRow {
  readonly config_id: string;
  readonly url: string;
  readonly protocol_version: string;
  readonly token_sealed: Buffer | null;
  readonly credentials_scheme: string | null;
  readonly credentials_sealed: Buffer | null;
  readonly is_verified: boolean;
  readonly is_failing: boolean;
  readonly secret_generation: number;
  readonly has_former_secret: boolean;
  /** The rest is null when nothing is due. */
  readonly seq: number | null;
  readonly kind: TaskEventKind | null;
  readonly payload: string | null;
  readonly attempts: number | null;
  readonly is_replay: boolean | null;
}

/** The receiver and the due events of a claimed subscription: replays, then the next events of the log, up to a number of bytes. */
export function loadDueWork(claim: DeliveryClaim): Statement<DueWorkRow> {
  return {
    name: 'load-due-work',
    text,
    values: [
      uuidOf(claim.tenantId),
      uuidOf(claim.taskId),
      claim.subscriptionId,
      claim.leaseId,
      limits.deliveryPageEventsMax,
      limits.deliveryPageBytesMax,
    ],
  };
}

const text = `
with held as materialized (
  select s.* from colloquy.push_subscriptions s
  where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3 and s.lease_id = $4
),
wanted as (
  (select d.seq, true as is_replay from colloquy.deliveries d, held s
    where d.tenant_id = $1 and d.task_id = $2 and d.subscription_id = $3 and d.state = 'replaying'
    order by d.seq limit $5)
  union all
  (select e.seq, false from colloquy.task_events e, held s
    where e.tenant_id = $1 and e.task_id = $2 and s.ended is null and e.seq > s.sent_seq
    order by e.seq limit $5)
),
sized as (
  select w.*, e.kind, e.payload, row_number() over pages as place,
    sum(octet_length(e.payload)) over pages as bytes
  from wanted w
  join colloquy.task_events e on e.tenant_id = $1 and e.task_id = $2 and e.seq = w.seq
  window pages as (order by w.is_replay desc, w.seq)
)
select s.config_id, s.url, s.protocol_version, s.token_sealed, s.credentials_scheme, s.credentials_sealed,
  s.verified_at is not null as is_verified, s.is_failing,
  s.secret_generation, coalesce(s.former_secret_until > colloquy.now_utc(), false) as has_former_secret,
  z.seq, z.kind, case when z.kind <> 'turn' then z.payload end as payload, coalesce(d.attempts, 0) as attempts, z.is_replay
from held s
left join sized z on z.place <= $5 and (z.place = 1 or z.bytes <= $6)
left join colloquy.deliveries d on d.tenant_id = $1 and d.task_id = $2 and d.subscription_id = $3 and d.seq = z.seq
order by z.place`;
