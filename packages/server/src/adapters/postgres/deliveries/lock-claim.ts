import { uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryClaim } from '../../../modules/deliveries/index.ts';
import type { Statement } from '../statement.ts';

/** Locks a claimed subscription, so that the statement after it sees every replay that was asked for before. */
export function lockClaim(claim: DeliveryClaim): Statement {
  return {
    name: 'lock-claim',
    text: `
      select from colloquy.push_subscriptions s
      where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3 and s.lease_id = $4 for update`,
    values: [uuidOf(claim.tenantId), uuidOf(claim.taskId), claim.subscriptionId, claim.leaseId],
  };
}
