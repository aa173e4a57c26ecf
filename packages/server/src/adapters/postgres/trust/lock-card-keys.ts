import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `select pg_advisory_xact_lock(hashtextextended('trusted card keys ' || $1::text, 0))`;

/** Makes additions of one tenant wait for each other, so that their number is counted right. */
export function lockCardKeys(tenantId: TenantId): Statement {
  return { name: 'lock-card-keys', text, values: [uuidOf(tenantId)] };
}
