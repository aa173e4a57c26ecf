import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { agentColumns, agentTables } from './agent-columns.ts';
import type { AgentRow } from './agent-columns.ts';

const text = `
  select ${agentColumns} from ${agentTables}
  where a.tenant_id = $1 and a.deregistered_at is null and a.name > $2
  order by a.name
  limit $3`;

/** A tenant's agents in the order of their names. Every name is greater than the empty text. */
export function listAgents(tenantId: TenantId, { after, limit }: PageRequest): Statement<AgentRow> {
  return { name: 'list-agents', text, values: [uuidOf(tenantId), after ?? '', limit] };
}
