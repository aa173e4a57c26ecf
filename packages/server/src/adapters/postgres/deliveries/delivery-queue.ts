import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryClaim, DeliveryQueue, DueEvent, DueWork } from '../../../modules/deliveries/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { claimSubscriptions } from './claim-subscriptions.ts';
import { freeClaimsOfTheDead } from './free-claims-of-the-dead.ts';
import { loadDueWork } from './load-due-work.ts';
import type { DueWorkRow } from './load-due-work.ts';
import { lockClaim } from './lock-claim.ts';
import { recordDelivery } from './record-delivery.ts';
import { releaseClaim } from './release-claim.ts';

/** `workers` claims across tenants and sees no content; everything else is done as the one tenant it is about, by `tenants`. */
export function createDeliveryQueue(workers: DatabasePool, tenants: DatabasePool): DeliveryQueue {
  const optionsOf = ({ tenantId }: DeliveryClaim): { readonly tenantIds: readonly string[] } => ({
    tenantIds: [uuidOf(tenantId)],
  });
  return {
    async claim(nodeId, wish) {
      const statements = [freeClaimsOfTheDead(), claimSubscriptions(nodeId, wish)] as const;
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
    async release(claim, sentSeq) {
      await untilKnown(() => inTransaction(tenants, optionsOf(claim), [releaseClaim(claim, sentSeq)]));
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
