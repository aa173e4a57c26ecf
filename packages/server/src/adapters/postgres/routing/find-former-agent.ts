import type { Statement } from '../statement.ts';

/** A row when an agent of the tenant has, or had, this name. */
export function findFormerAgent(tenantUuid: string, agentName: string): Statement {
  return {
    name: 'find-former-agent',
    text: `select from colloquy.agents where tenant_id = $1 and name = $2 limit 1`,
    values: [tenantUuid, agentName],
  };
}
