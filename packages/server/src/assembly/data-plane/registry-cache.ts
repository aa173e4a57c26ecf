import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { SearchCache, ServedCards } from '../../modules/registry/index.ts';
import type { AgentSearchStore, AgentStore, CardStore } from '../../modules/registry/index.ts';
import { createAgentSearchStore } from '../../adapters/postgres/registry/agent-search-store.ts';
import { createAgentStore } from '../../adapters/postgres/registry/agent-store.ts';
import { createCardStore } from '../../adapters/postgres/registry/card-store.ts';
import type { Database } from '../database.ts';

/** What a process caches of the registry. */
export interface RegistryCache {
  readonly searches: AgentSearchStore;
  readonly servedCards: ServedCards;
  /** The tenant's agents changed. */
  forget(tenantId: TenantId): void;
}

export function createRegistryCache({ readers }: Database, clock: Clock): RegistryCache {
  const searches = new SearchCache(createAgentSearchStore(readers), clock);
  const servedCards = new ServedCards(clock);
  return {
    searches,
    servedCards,
    forget: (tenantId) => {
      searches.forget(tenantId);
      servedCards.forget(tenantId);
    },
  };
}

/** Stores that change agents and cards. A caller sees its change at this process at once, before the notification of it. */
export function changingStores({ readers }: Database, { forget }: Pick<RegistryCache, 'forget'>) {
  const agents = createAgentStore(readers);
  const cards = createCardStore(readers);
  const forgetting = async <Result>(tenantId: TenantId, change: Promise<Result>): Promise<Result> => {
    try {
      return await change;
    } finally {
      // Also after a failure: the change may have been committed.
      forget(tenantId);
    }
  };
  const changing: { readonly agents: AgentStore; readonly cardStore: CardStore } = {
    agents: {
      ...agents,
      register: (agent, entry) => forgetting(agent.tenantId, agents.register(agent, entry)),
      deregister: (tenantId, ...rest) => forgetting(tenantId, agents.deregister(tenantId, ...rest)),
    },
    cardStore: {
      ...cards,
      add: (tenantId, ...rest) => forgetting(tenantId, cards.add(tenantId, ...rest)),
      decide: (tenantId, ...rest) => forgetting(tenantId, cards.decide(tenantId, ...rest)),
      rollBack: (tenantId, ...rest) => forgetting(tenantId, cards.rollBack(tenantId, ...rest)),
    },
  };
  return changing;
}
