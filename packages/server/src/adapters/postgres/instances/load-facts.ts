import { uuidOf } from '../../../kernel/ids.ts';
import type { InstancePlace } from '../../../modules/instances/index.ts';
import type { Statement } from '../statement.ts';
import { factColumns, factTables } from './fact-columns.ts';
import type { FactRow } from './fact-columns.ts';

/** What is kept about an instance that has not left. */
export function loadFacts({ tenantId, instanceId }: InstancePlace): Statement<FactRow> {
  return {
    name: 'load-health-facts',
    text: `select ${factColumns} from ${factTables} where h.tenant_id = $1 and h.instance_id = $2`,
    values: [uuidOf(tenantId), uuidOf(instanceId)],
  };
}
