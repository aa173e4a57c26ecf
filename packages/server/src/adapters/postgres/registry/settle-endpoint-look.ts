import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** When an endpoint is looked at again, and how often in a row it was not reached. */
export function settleEndpointLook(
  { tenantId, agentId }: { readonly tenantId: TenantId; readonly agentId: AgentId },
  { nextMs, failures }: { readonly nextMs: number; readonly failures: number },
): Statement {
  return {
    name: 'settle-endpoint-look',
    text: `
      update colloquy.endpoint_looks
      set next_look_at = colloquy.now_utc() + $3::float8 * interval '1 millisecond', failures = $4
      where tenant_id = $1 and agent_id = $2`,
    values: [uuidOf(tenantId), uuidOf(agentId), nextMs, failures],
  };
}
