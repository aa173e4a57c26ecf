import { createRoutedTasks } from '../../adapters/postgres/routing/routed-tasks.ts';
import { createContextPlaces } from '../../adapters/postgres/routing/context-places.ts';
import { createSkillOfferStore } from '../../adapters/postgres/routing/skill-offer-store.ts';
import { createOpenAiChooser } from '../../adapters/upstream/openai-chooser.ts';
import type { Config } from '../../config/config.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { Caller } from '../../kernel/caller.ts';
import { routerName } from '../../kernel/router-name.ts';
import { MirrorSends } from '../../modules/gateway/index.ts';
import type { Upstream } from '../../modules/gateway/index.ts';
import { getCard, getExtendedCard, getRouterCard } from '../../modules/registry/index.ts';
import type { CardPorts, RouterCardPorts, SchemaJudge } from '../../modules/registry/index.ts';
import { InstanceChooser } from '../../modules/routing/index.ts';
import type { LiveFacts, SchemaFit, SkillChooser } from '../../modules/routing/index.ts';
import type { NodeFoundation } from '../foundation.ts';

export interface RoutingParts {
  readonly upstream: Upstream;
  /** Chooses among skills for the router; null: the words of a message decide. */
  readonly chooser: SkillChooser | null;
  readonly schemas: SchemaJudge;
}

/** How sends find an agent and an instance of it. */
export function routingPorts(
  { config, database, clock, ids }: NodeFoundation,
  { upstream, chooser, schemas }: RoutingParts,
  live: LiveFacts,
) {
  const fits: SchemaFit = (schema, value) => schemas.violationsOf(schema, value).length === 0;
  return {
    instances: new InstanceChooser(live, config.region),
    contexts: createContextPlaces(database.readers),
    router: { offers: createSkillOfferStore(database.readers), fits, chooser },
    routedTasks: createRoutedTasks(database.readers),
    mirrors: new MirrorSends({ upstream, clock, ids }),
  };
}

/** The model that chooses among skills; null: the words decide. */
export function createChooser({ routerModel }: Config, { routerModelKey: key }: Secrets): SkillChooser | null {
  return routerModel === null ? null : createOpenAiChooser({ ...routerModel, key });
}

/** Cards by the name in an address. The router has a card too. */
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
