import { uuidOf } from '../../kernel/ids.ts';
import type { NodeId } from '../../kernel/ids.ts';
import type { NewPushSubscription } from '../../modules/tasks/index.ts';
import { plainArray } from './array-literal.ts';
import type { Statement } from './statement.ts';

/** A subscription that comes with a message: it delivers what follows the event `afterSeq`. */
export interface FirstSubscription {
  readonly subscription: NewPushSubscription;
  /** The claim that the message begins; without it there is no subscription. */
  readonly nodeId: NodeId;
  readonly attempt: number;
  readonly afterSeq: number;
  /** The message may wait for a slot instead: then no node has claimed its task. */
  readonly mayQueue?: boolean;
}

/**
 * Subscribes to tasks in the transaction that records their messages, after the statement that does so: a message that is refused
 * there leaves no subscription. It takes the place of one of the same name, as in `upsertSubscription`. Written again, it changes nothing.
 */
export function insertFirstSubscriptions(items: readonly FirstSubscription[]): Statement {
  const subscriptions = items.map(({ subscription }) => subscription);
  return {
    name: 'insert-first-subscriptions',
    text,
    values: [
      plainArray(subscriptions.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(subscriptions.map(({ taskId }) => uuidOf(taskId))),
      plainArray(subscriptions.map(({ subscriptionId }) => subscriptionId)),
      subscriptions.map(({ configId }) => configId),
      subscriptions.map(({ url }) => url),
      subscriptions.map(({ origin }) => origin),
      subscriptions.map(({ protocolVersion }) => protocolVersion),
      subscriptions.map(({ tokenSealed }) => hexOf(tokenSealed)),
      subscriptions.map(({ credentialsScheme }) => credentialsScheme),
      subscriptions.map(({ credentialsSealed }) => hexOf(credentialsSealed)),
      subscriptions.map(({ createdBy }) => createdBy),
      plainArray(items.map(({ nodeId }) => uuidOf(nodeId))),
      plainArray(items.map(({ attempt }) => attempt)),
      plainArray(items.map(({ afterSeq }) => afterSeq)),
      plainArray(items.map(({ mayQueue }) => (mayQueue === true ? 1 : 0))),
    ],
  };
}

/** Bytes as text, because the driver makes no array literal of buffers. */
function hexOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('hex');
}

const text = `
insert into colloquy.push_subscriptions as s (tenant_id, task_id, subscription_id, config_id, url, origin, protocol_version,
  token_sealed, credentials_scheme, credentials_sealed, created_by, sent_seq, is_active)
select i.tenant_id, i.task_id, i.subscription_id, i.config_id, i.url, i.origin, i.protocol_version,
  decode(i.token_sealed, 'hex'), i.credentials_scheme, decode(i.credentials_sealed, 'hex'), i.created_by, i.after_seq, true
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::uuid[], $13::int[], $14::int[], $15::int[])
  as i (tenant_id, task_id, subscription_id, config_id, url, origin, protocol_version, token_sealed, credentials_scheme,
    credentials_sealed, created_by, node_id, attempt, after_seq, may_queue)
where exists (
  select from colloquy.tasks t
  where t.tenant_id = i.tenant_id and t.task_id = i.task_id and (
    t.node_id is not distinct from i.node_id and t.attempt = i.attempt
    or i.may_queue = 1 and t.queue_rank is not null and t.attempt = i.attempt - 1)
)
on conflict (tenant_id, task_id, subscription_id) do update
set url = excluded.url, origin = excluded.origin, protocol_version = excluded.protocol_version,
  token_sealed = excluded.token_sealed, credentials_scheme = excluded.credentials_scheme,
  credentials_sealed = excluded.credentials_sealed, created_by = excluded.created_by,
  sent_seq = case when s.ended = 'gone' then excluded.sent_seq else s.sent_seq end,
  ended = null, is_active = true, verified_at = null, is_failing = false, due_at = colloquy.now_utc(),
  lease_id = null, lease_node_id = null, lease_until = null
-- A secret is sealed differently each time, so only the very same subscription has the same bytes.
where s.ended = 'gone' or (s.url, s.protocol_version, s.token_sealed, s.credentials_scheme, s.credentials_sealed)
  is distinct from (excluded.url, excluded.protocol_version, excluded.token_sealed, excluded.credentials_scheme,
    excluded.credentials_sealed)`;
