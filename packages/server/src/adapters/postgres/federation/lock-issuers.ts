import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `select pg_advisory_xact_lock(hashtextextended('external issuers ' || $1::text, 0))`;

/** Makes registrations of one tenant wait for each other, so that its issuers are counted right. */
export function lockIssuers(tenantId: TenantId): Statement {
  return { name: 'lock-external-issuers', text, values: [uuidOf(tenantId)] };
}
