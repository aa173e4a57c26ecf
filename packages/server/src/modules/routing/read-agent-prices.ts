import type { Caller } from '../../kernel/caller.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pricesInForce } from '../prices/index.ts';
import type { PricesInForce } from '../prices/index.ts';
import type { RouteStore } from './route-store.ts';

interface AgentPricePorts {
  readonly routeStore: Pick<RouteStore, 'findByName'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** What calls of an agent cost now, as sends find it, and which overrides are to come. Throws `registry.agent-unknown`, also for an agent without an instance. */
export function readAgentPrices({ routeStore, clock }: AgentPricePorts) {
  return async (caller: Caller, agentName: string): Promise<PricesInForce> => {
    const route = await routeStore.findByName(caller.tenant.id, agentName);
    if (route === null) throw new PlatformError('registry.agent-unknown');
    return pricesInForce(route, clock.nowMs());
  };
}
