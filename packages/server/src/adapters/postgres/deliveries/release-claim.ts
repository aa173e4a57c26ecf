import { uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryClaim } from '../../../modules/deliveries/index.ts';
import type { Statement } from '../statement.ts';

/** Gives a claim back; with `sentSeq` the log is told up to there, because what it holds is told to nobody. */
export function releaseClaim(claim: DeliveryClaim, sentSeq: number | null): Statement {
  return {
    name: 'release-claim',
    text: `
      update colloquy.push_subscriptions s
      set lease_id = null, lease_node_id = null, lease_until = null, sent_seq = greatest(s.sent_seq, $5::int)
      where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3 and s.lease_id = $4`,
    values: [uuidOf(claim.tenantId), uuidOf(claim.taskId), claim.subscriptionId, claim.leaseId, sentSeq],
  };
}
