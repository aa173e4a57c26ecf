import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryClaim, DeliveryQueue, DueEvent, DueWork } from '../../../modules/deliveries/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { claimSubscriptions } from './claim-subscriptions.ts';
import { loadDueWork } from './load-due-work.ts';
import type { DueWorkRow } from './load-due-work.ts';
import { recordDelivery } from './record-delivery.ts';

/** `workers` claims across tenants and sees no content; everything else is done as the one tenant it is about, by `tenants`. */
export function createDeliveryQueue(workers: DatabasePool, tenants: DatabasePool): DeliveryQueue {
  const optionsOf = ({ tenantId }: DeliveryClaim): { readonly tenantIds: readonly string[] } => ({
    tenantIds: [uuidOf(tenantId)],
  });
  return {
    async claim(nodeId, request) {
      const statements = [freeClaimsOfTheDead(), claimSubscriptions(nodeId, request)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, statements));
      return rows.map((row) => ({
        tenantId: idOf('tnt', row.tenant_id),
        taskId: idOf('tsk', row.task_id),
        subscriptionId: row.subscription_id.replaceAll('-', ''),
        origin: row.origin,
        nodeId,
        leaseId: row.lease_id,
      }));
    },
    async load(claim) {
      const [{ rows }] = await whenAvailable(inTransaction(tenants, optionsOf(claim), [loadDueWork(claim)]));
      return dueWorkOf(rows);
    },
    async record(claim, record) {
      const statements = [lockClaim(claim), recordDelivery(claim, record)] as const;
      const [, { rows }] = await untilKnown(() => inTransaction(tenants, optionsOf(claim), statements));
      return rows.length === 1;
    },
    async release(claim, sentSeq, delayMs = 0) {
      await untilKnown(() => inTransaction(tenants, optionsOf(claim), [releaseClaim(claim, sentSeq, delayMs)]));
    },
  };
}

function dueWorkOf(rows: readonly DueWorkRow[]): DueWork | null {
  const [first] = rows;
  if (first === undefined) return null;
  return {
    configId: first.config_id,
    url: first.url,
    protocolVersion: first.protocol_version,
    tokenSealed: first.token_sealed,
    credentialsScheme: first.credentials_scheme,
    credentialsSealed: first.credentials_sealed,
    isVerified: first.is_verified,
    isFailing: first.is_failing,
    secretGenerations: first.has_former_secret
      ? [first.secret_generation, first.secret_generation - 1]
      : [first.secret_generation],
    events: rows.flatMap(eventOf),
  };
}

function eventOf({ seq, kind, payload, attempts, is_replay: isReplay }: DueWorkRow): readonly DueEvent[] {
  if (seq === null || kind === null) return [];
  return [{ seq, kind, json: payload, attempts: attempts ?? 0, isReplay: isReplay === true }];
}

/** Releases the claims of dead nodes, without waiting until they expire. */
function freeClaimsOfTheDead(): Statement {
  return {
    name: 'free-claims-of-the-dead',
    text: `
      update colloquy.push_subscriptions s set lease_id = null, lease_node_id = null, lease_until = null
      from colloquy.nodes n
      where s.is_active and s.lease_until > colloquy.now_utc() and n.node_id = s.lease_node_id and n.dead_at is not null`,
    values: [],
  };
}

/** Locks a claimed subscription, so that the statement after it sees every replay that was asked for before. */
function lockClaim(claim: DeliveryClaim): Statement {
  return {
    name: 'lock-claim',
    text: `
      select from colloquy.push_subscriptions s
      where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3 and s.lease_id = $4 for update`,
    values: [uuidOf(claim.tenantId), uuidOf(claim.taskId), claim.subscriptionId, claim.leaseId],
  };
}

/** Releases a claim. `sentSeq` advances the subscription over events that are never delivered. */
function releaseClaim(claim: DeliveryClaim, sentSeq: number | null, delayMs: number): Statement {
  return {
    name: 'release-claim',
    text: `
      update colloquy.push_subscriptions s
      set lease_id = null, lease_node_id = null, lease_until = null, sent_seq = greatest(s.sent_seq, $5::int),
        due_at = case when $6::int > 0 then colloquy.now_utc() + $6::int * interval '1 millisecond' else s.due_at end
      where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3 and s.lease_id = $4`,
    values: [uuidOf(claim.tenantId), uuidOf(claim.taskId), claim.subscriptionId, claim.leaseId, sentSeq, delayMs],
  };
}
