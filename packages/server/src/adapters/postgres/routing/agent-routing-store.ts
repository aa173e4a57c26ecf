import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentRoutingStore } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findAgentRouting } from './find-agent-routing.ts';
import { setAgentRouting } from './set-agent-routing.ts';

/** Routing policies in PostgreSQL, over a pool of the application's role. */
export function createAgentRoutingStore(pool: DatabasePool): AgentRoutingStore {
  return {
    async find(tenantId, agentName) {
      const statement = findAgentRouting(tenantId, agentName);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      return row?.policy;
    },
    async set(tenantId, agentName, policy, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const statement = setAgentRouting(tenantId, agentName, policy, entry);
      const [agent] = await whenAvailable(inTransaction(pool, options, [statement]));
      return agent.rows.length === 1;
    },
  };
}
