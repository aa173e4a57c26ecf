import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { SearchCache, ServedCards } from '../../modules/registry/index.ts';
import type { AgentSearchStore, AgentStore, CardStore } from '../../modules/registry/index.ts';
import { createAgentSearchStore } from '../../adapters/postgres/registry/agent-search-store.ts';
import { createAgentStore } from '../../adapters/postgres/registry/agent-store.ts';
import { createCardStore } from '../../adapters/postgres/registry/card-store.ts';
import type { Database } from '../database.ts';

/** What a process keeps of the registry to answer from. */
export interface KeptAnswers {
  readonly searches: AgentSearchStore;
  readonly servedCards: ServedCards;
  /** The tenant's agents changed. */
  readonly forget: (tenantId: TenantId) => void;
}

export function createKeptAnswers({ readers }: Database, clock: Clock): KeptAnswers {
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

/** Stores of agents and cards for those who change them: whoever is told that a change is done sees it at this process at once, before its hint. */
export function changingStores({ readers }: Database, { forget }: Pick<KeptAnswers, 'forget'>) {
  const agents = createAgentStore(readers);
  const cards = createCardStore(readers);
  const forgetting = async <Result>(tenantId: TenantId, change: Promise<Result>): Promise<Result> => {
    try {
      return await change;
    } finally {
      // Also where it failed: nobody may know whether it was committed.
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
