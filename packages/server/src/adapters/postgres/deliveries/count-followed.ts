import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** How many subscriptions of a tenant still follow a task, counted up to `limit`. */
export function countFollowed(tenantId: TenantId, limit: number): Statement<{ readonly followed: number }> {
  return {
    name: 'count-followed',
    text: `
      select count(*)::int as followed from (
        select from colloquy.push_subscriptions s where s.is_active and s.tenant_id = $1 limit $2
      ) active`,
    values: [uuidOf(tenantId), limit],
  };
}
