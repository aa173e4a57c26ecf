import { uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface RotatedSecretRow {
  readonly subscription_id: string;
  readonly secret_generation: number;
  readonly former_secret_until: Date;
}

/** The next secret signs for the subscription of a delivery; the one of before signs beside it for a while. With an audit entry. */
export function rotateSigningSecret(
  tenantId: TenantId,
  { deliveryId, overlapMs }: { readonly deliveryId: DeliveryId; readonly overlapMs: number },
  entry: NewAuditEntry,
): Statement<RotatedSecretRow> {
  return {
    name: 'rotate-signing-secret',
    text,
    values: [uuidOf(tenantId), uuidOf(deliveryId), overlapMs, ...auditEntryValues(entry)],
  };
}

const text = `
with rotated as (
  update colloquy.push_subscriptions s set secret_generation = s.secret_generation + 1,
    former_secret_until = colloquy.now_utc() + $3::float8 * interval '1 millisecond'
  from colloquy.deliveries d
  where d.tenant_id = $1 and d.delivery_id = $2
    and s.tenant_id = d.tenant_id and s.task_id = d.task_id and s.subscription_id = d.subscription_id
  returning s.tenant_id, s.subscription_id, s.secret_generation, s.former_secret_until
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $4, $5, $6, $7, $8, $9, $10 from rotated
)
select subscription_id, secret_generation, former_secret_until from rotated`;
