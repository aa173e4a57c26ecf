import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `
  select from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null for no key update`;

/** Makes registrations of one agent's instances, and new cards of it, wait for each other. */
export function lockOpenAgent(tenantId: TenantId, agentName: string): Statement {
  return { name: 'lock-open-agent', text, values: [uuidOf(tenantId), agentName] };
}
