import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** A row when the tenant has an agent of this name. */
export function findOpenAgent(tenantId: TenantId, agentName: string): Statement {
  return {
    name: 'find-open-agent',
    text: 'select from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null',
    values: [uuidOf(tenantId), agentName],
  };
}
