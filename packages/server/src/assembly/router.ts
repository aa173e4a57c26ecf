import { createRoutedTasks } from '../adapters/postgres/routing/routed-tasks.ts';
import { createContextPlaces } from '../adapters/postgres/routing/context-places.ts';
import { createSkillOfferStore } from '../adapters/postgres/routing/skill-offer-store.ts';
import { createSchemaFit } from '../adapters/schemas/schema-fit.ts';
import type { Caller } from '../kernel/caller.ts';
import { routerName } from '../kernel/router-name.ts';
import { getCard, getExtendedCard, getRouterCard } from '../modules/registry/index.ts';
import type { CardPorts, RouterCardPorts } from '../modules/registry/index.ts';
import { InstanceChooser } from '../modules/routing/index.ts';
import type { LiveFacts, SkillChooser } from '../modules/routing/index.ts';
import type { Config } from '../config/config.ts';
import type { Database } from './database.ts';

/** How sends find an agent and an instance of it. */
export function routingPorts(
  {
    config,
    database,
    chooser,
  }: { readonly config: Config; readonly database: Database; readonly chooser: SkillChooser | null },
  live: LiveFacts,
) {
  return {
    instances: new InstanceChooser(live, config.region),
    contexts: createContextPlaces(database.readers),
    router: { offers: createSkillOfferStore(database.readers), fits: createSchemaFit(), chooser },
    routedTasks: createRoutedTasks(database.readers),
  };
}

/** Cards by the names of addresses: the router has one, too. */
export function cardReaders(ports: CardPorts & RouterCardPorts) {
  const ofAgent = getCard(ports);
  const extended = getExtendedCard(ports);
  const ofRouter = getRouterCard(ports);
  return {
    getCard: (caller: Caller, name: string) => (name === routerName ? ofRouter(caller) : ofAgent(caller, name)),
    getExtendedCard: async (caller: Caller, name: string) =>
      name === routerName ? (await ofRouter(caller)).card : extended(caller, name),
  };
}
