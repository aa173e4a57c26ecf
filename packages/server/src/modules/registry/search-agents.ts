import { agentsReached } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { AgentSearchStore } from './agent-search-store.ts';
import { searchCursorOf, searchCursorText } from './agent-search.ts';
import type { AgentSearch } from './agent-search.ts';
import type { RegisteredAgent } from './agent.ts';

/**
 * The matching agents of the caller's tenant by name, or with text by rank. Agents that the caller has no access to are left out before
 * paging; otherwise a cursor would reveal a match. Throws `request.invalid` for a cursor of another search.
 */
export function searchAgents({ searches }: { readonly searches: AgentSearchStore }) {
  return async (caller: Caller, search: AgentSearch, page: PageRequest): Promise<Page<RegisteredAgent>> => {
    const after = page.after === null ? null : searchCursorOf(page.after, search);
    if (page.after !== null && after === null) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const normal = { ...search, tag: search.tag?.toLowerCase() ?? null };
    const names = agentsReached(caller.access, 'a2a:read');
    const rows = await searches.search(caller.tenant.id, normal, { after, limit: page.limit + 1, names });
    const { items, next } = pageOf(rows, page.limit, searchCursorText);
    return { items: items.map(({ agent }) => agent), next };
  };
}
