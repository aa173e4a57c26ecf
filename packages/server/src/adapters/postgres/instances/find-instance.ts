import { uuidOf } from '../../../kernel/ids.ts';
import type { InstanceAddress } from '../../../modules/instances/index.ts';
import type { Statement } from '../statement.ts';
import { instanceColumns, instanceTables } from './instance-columns.ts';
import type { InstanceRow } from './instance-columns.ts';

const text = `
  select ${instanceColumns} from ${instanceTables}
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and i.instance_id = $3`;

/** One instance of a tenant's agent. */
export function findInstance({ tenantId, agentName, instanceId }: InstanceAddress): Statement<InstanceRow> {
  return { name: 'find-instance', text, values: [uuidOf(tenantId), agentName, uuidOf(instanceId)] };
}
