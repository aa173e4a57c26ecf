import { isId, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { instanceColumns, instanceTables } from './instance-columns.ts';
import type { InstanceRow } from './instance-columns.ts';

const text = `
  select ${instanceColumns} from ${instanceTables}
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and i.instance_id > $3
  order by i.instance_id limit $4`;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** The instances of a tenant's agent in the order of their ids. */
export function listInstances(
  tenantId: TenantId,
  agentName: string,
  { after, limit }: PageRequest,
): Statement<InstanceRow> {
  const from = after !== null && isId('ins', after) ? uuidOf(after) : beforeAll;
  return { name: 'list-instances', text, values: [uuidOf(tenantId), agentName, from, limit] };
}
