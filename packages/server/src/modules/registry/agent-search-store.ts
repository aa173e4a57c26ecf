import type { TenantId } from '../../kernel/ids.ts';
import type { AgentSearch, FoundAgent, SearchCursor } from './agent-search.ts';

/** The requested page of a search. */
export interface SearchPage {
  /** Null for the first page. */
  readonly after: SearchCursor | null;
  /** At least 1. */
  readonly limit: number;
  /** Only agents of these names; null for all. */
  readonly names: readonly string[] | null;
}

/** Finds agents. Promises of an implementation: it returns registered agents of the tenant only, and searches their cards in use. */
export interface AgentSearchStore {
  /** By name, or with text by rank, the best first; at most `page.limit`. */
  search(tenantId: TenantId, search: AgentSearch, page: SearchPage): Promise<readonly FoundAgent[]>;
}
