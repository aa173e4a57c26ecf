import { uuidOf } from '../../../kernel/ids.ts';
import type { InstancePlace } from '../../../modules/instances/index.ts';
import type { Statement } from '../statement.ts';

/** An instance that left is not probed again, until it comes back. */
export function endProbes({ tenantId, instanceId }: InstancePlace): Statement {
  return {
    name: 'end-probes',
    text: 'update colloquy.instance_health set next_probe_at = null where tenant_id = $1 and instance_id = $2',
    values: [uuidOf(tenantId), uuidOf(instanceId)],
  };
}
