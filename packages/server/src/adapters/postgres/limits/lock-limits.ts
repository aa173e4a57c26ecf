import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `select pg_advisory_xact_lock(hashtextextended('limits ' || $1::text, 0))`;

/** Makes changes to the limits of one tenant wait for each other, so that their number is counted right. */
export function lockLimits(tenantId: TenantId): Statement {
  return { name: 'lock-limits', text, values: [uuidOf(tenantId)] };
}
