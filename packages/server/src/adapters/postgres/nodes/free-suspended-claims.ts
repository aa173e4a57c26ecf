import { uuidOf } from '../../../kernel/ids.ts';
import type { SuspendedTarget } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** Voids the claims on the push subscriptions of a stopped tenant or principal. Those of an agent's callers go on: they are told its end. */
export function freeSuspendedClaims({ tenantId, kind, name }: SuspendedTarget): Statement {
  return {
    name: 'free-stopped-claims',
    text: `
      with held as (
        select s.task_id, s.subscription_id from colloquy.push_subscriptions s
        where s.tenant_id = $1 and s.is_active and s.lease_id is not null
          and ($2 = 'tenant' or $2 = 'principal' and s.created_by = $3)
        order by s.task_id, s.subscription_id for update
      )
      update colloquy.push_subscriptions s set lease_id = null, lease_node_id = null, lease_until = null
      from held h where s.tenant_id = $1 and s.task_id = h.task_id and s.subscription_id = h.subscription_id`,
    values: [uuidOf(tenantId), kind, name],
  };
}
