import type { TenantId } from '../../kernel/ids.ts';
import type { AgentSearch, FoundAgent, SearchCursor } from './agent-search.ts';

/** Which part of what was found is wanted. */
export interface SearchPage {
  /** Null for the first page. */
  readonly after: SearchCursor | null;
  /** At least 1. */
  readonly limit: number;
  /** Only agents of these names; null for all. */
  readonly names: readonly string[] | null;
}

/** Finds agents. Promises of an implementation: of the tenant only, none that is deregistered, by what their cards in use say. */
export interface AgentSearchStore {
  /** In the order of their names, or with text the best first; at most `page.limit`. */
  search(tenantId: TenantId, search: AgentSearch, page: SearchPage): Promise<readonly FoundAgent[]>;
}
