import { uuidOf } from '../../../kernel/ids.ts';
import type { InstancePlace } from '../../../modules/instances/index.ts';
import type { Statement } from '../statement.ts';

// Another process may tell of the same instances at the same moment; what it has locked is told by it.
const text = `
with wanted as materialized (
  select h.tenant_id, h.instance_id
  from unnest($1::uuid[], $2::uuid[]) as u (tenant_id, instance_id)
  join colloquy.instance_health h on h.tenant_id = u.tenant_id and h.instance_id = u.instance_id
  where h.next_probe_at is not null
  for no key update of h skip locked
)
update colloquy.instance_health h
set used_at = colloquy.now_utc(), next_probe_at = least(h.next_probe_at, colloquy.now_utc() + $3 * interval '1 millisecond')
from wanted w where h.tenant_id = w.tenant_id and h.instance_id = w.instance_id`;

/** Notes that tasks went to these instances, and has them probed soon. */
export function markUsed(places: readonly InstancePlace[], withinMs: number): Statement {
  return {
    name: 'mark-instances-used',
    text,
    values: [
      places.map(({ tenantId }) => uuidOf(tenantId)),
      places.map(({ instanceId }) => uuidOf(instanceId)),
      withinMs,
    ],
  };
}
