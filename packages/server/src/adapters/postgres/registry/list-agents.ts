import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AgentPage } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';
import { agentColumns } from './agent-columns.ts';
import type { AgentRow } from './agent-columns.ts';

const text = (condition: string): string => `
  select ${agentColumns} from colloquy.agents a
  where a.tenant_id = $1 and a.deregistered_at is null and a.name > $2 ${condition}
  order by a.name
  limit $3`;
const all = text('');
const named = text('and a.name = any($4::text[])');

/** A tenant's agents, or those of some names, in the order of their names. Every name is greater than the empty text. */
export function listAgents(tenantId: TenantId, { after, limit, names }: AgentPage): Statement<AgentRow> {
  const values = [uuidOf(tenantId), after ?? '', limit];
  if (names === null) return { name: 'list-agents', text: all, values };
  return { name: 'list-named-agents', text: named, values: [...values, names] };
}
