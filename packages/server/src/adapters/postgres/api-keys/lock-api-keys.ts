import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `select pg_advisory_xact_lock(hashtextextended('api keys ' || $1::text, 0))`;

/** Makes creations of one tenant wait for each other, so that live keys are counted right. */
export function lockApiKeys(tenantId: TenantId): Statement {
  return { name: 'lock-api-keys', text, values: [uuidOf(tenantId)] };
}
