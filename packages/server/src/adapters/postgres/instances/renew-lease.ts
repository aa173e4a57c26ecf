import { uuidOf } from '../../../kernel/ids.ts';
import type { InstanceAddress, InstanceAdmission } from '../../../modules/instances/index.ts';
import type { Statement } from '../statement.ts';
import { factColumns } from './fact-columns.ts';
import type { FactRow } from './fact-columns.ts';

export interface RenewedRow extends FactRow {
  readonly lease_ms: number;
  readonly lease_until: Date;
  readonly admission: InstanceAdmission;
}

const text = `
with mine as (
  select i.* from colloquy.agents a
  join colloquy.agent_instances i on i.tenant_id = a.tenant_id and i.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
    and i.instance_id = $3 and i.registered_by = $4 and i.source = 'self' and i.left_at is null
), l as (
  update colloquy.instance_leases r
  set lease_until = colloquy.now_utc() + r.lease_ms * interval '1 millisecond', heartbeat_at = colloquy.now_utc(), is_lapsed = false
  from mine where r.tenant_id = mine.tenant_id and r.instance_id = mine.instance_id
  returning r.*
)
select l.lease_ms, l.lease_until, i.admission, ${factColumns}
from l
join mine i on i.tenant_id = l.tenant_id and i.instance_id = l.instance_id
join colloquy.instance_health h on h.tenant_id = l.tenant_id and h.instance_id = l.instance_id`;

/** Renews the lease of an instance that `owner` registered; no row when there is no such instance. */
export function renewLease({ tenantId, agentName, instanceId }: InstanceAddress, owner: string): Statement<RenewedRow> {
  return { name: 'renew-instance-lease', text, values: [uuidOf(tenantId), agentName, uuidOf(instanceId), owner] };
}
