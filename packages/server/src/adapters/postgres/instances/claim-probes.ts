import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';

export interface PlaceRow {
  readonly tenant_id: string;
  readonly instance_id: string;
}

const text = `
with due as materialized (
  select tenant_id, instance_id from colloquy.instance_health
  where next_probe_at <= colloquy.now_utc() and tenant_id <> all ($1::uuid[])
  order by next_probe_at limit $2 for update skip locked
)
update colloquy.instance_health h set next_probe_at = colloquy.now_utc() + $3 * interval '1 millisecond'
from due d where h.tenant_id = d.tenant_id and h.instance_id = d.instance_id
returning h.tenant_id, h.instance_id`;

/** Takes probes that are due, the longest waiting first; what another takes at the same moment is left to it. */
export function claimProbes(busyTenants: readonly TenantId[], limit: number): Statement<PlaceRow> {
  return { name: 'claim-probes', text, values: [busyTenants.map(uuidOf), limit, limits.instanceProbeClaimMs] };
}
