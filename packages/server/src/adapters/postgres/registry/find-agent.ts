import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { agentColumns } from './agent-columns.ts';
import type { AgentRow } from './agent-columns.ts';

const text = `
  select ${agentColumns} from colloquy.agents a
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`;

/** The agent that holds a name of a tenant. */
export function findAgent(tenantId: TenantId, name: string): Statement<AgentRow> {
  return { name: 'find-agent', text, values: [uuidOf(tenantId), name] };
}
