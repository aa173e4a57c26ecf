import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Serializes additions of secrets and authorities of one tenant, so that their number is counted right. */
export function lockClientMeans(tenantId: TenantId): Statement {
  return {
    name: 'lock-client-means',
    text: `select pg_advisory_xact_lock(hashtextextended('means of clients ' || $1::text, 0))`,
    values: [uuidOf(tenantId)],
  };
}
