import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentSearchStore } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { agentOf } from './agent-columns.ts';
import { searchAgents } from './search-agents.ts';

/** Searches in PostgreSQL, over a pool of the application's role. */
export function createAgentSearchStore(pool: DatabasePool): AgentSearchStore {
  return {
    async search(tenantId, search, page) {
      const statement = searchAgents(tenantId, search, page);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return rows.map((row) => ({ agent: agentOf(tenantId, row), rank: row.rank }));
    },
  };
}
