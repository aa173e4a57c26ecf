import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

const text = `
  select agent_id from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null for no key update`;

/** Makes changes of one agent's cards wait for each other; the statement after it sees what the one before did. */
export function lockAgent(tenantId: TenantId, name: string): Statement {
  return { name: 'lock-agent', text, values: [uuidOf(tenantId), name] };
}
