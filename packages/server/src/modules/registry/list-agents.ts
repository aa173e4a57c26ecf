import { agentsReached } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentStore } from './agent-store.ts';
import type { RegisteredAgent } from './agent.ts';

/**
 * The agents of the caller's tenant in the order of their names, page by page. Agents that the caller has no access to are left out before
 * paging. Throws `request.invalid` for an invalid cursor.
 */
export function listAgents(ports: { readonly agents: AgentStore }) {
  return async (caller: Caller, page: PageRequest): Promise<Page<RegisteredAgent>> => {
    if (page.after !== null && slugProblem(page.after) !== null) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const names = agentsReached(caller.access, 'a2a:read');
    const rows = await ports.agents.list(caller.tenant.id, { after: page.after, limit: page.limit + 1, names });
    return pageOf(rows, page.limit, (agent) => agent.name);
  };
}

/** One agent of the caller's tenant; throws `registry.agent-unknown`. */
export function getAgent(ports: { readonly agents: AgentStore }) {
  return async (caller: Caller, name: string): Promise<RegisteredAgent> => {
    const agent = slugProblem(name) === null ? await ports.agents.find(caller.tenant.id, name) : null;
    if (agent === null) throw new PlatformError('registry.agent-unknown');
    return agent;
  };
}
