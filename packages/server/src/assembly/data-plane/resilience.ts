import { createBreakerStore } from '../../adapters/postgres/routing/breaker-store.ts';
import { createTaskMover } from '../../adapters/postgres/tasks/task-mover.ts';
import { Bulkheads, CallObserver, RetryBudget } from '../../modules/gateway/index.ts';
import type { InstanceUses } from '../../modules/instances/index.ts';
import { BreakerBoard, InstanceObservations } from '../../modules/routing/index.ts';
import type { RouteCache } from '../../modules/routing/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import { causesOf } from '../log.ts';
import { routingPorts } from './router.ts';
import type { RoutingParts } from './router.ts';

interface ResilienceParts extends RoutingParts {
  /** The routes in use. */
  readonly routes: RouteCache;
  readonly log: Log;
  readonly uses: InstanceUses;
}

/** What this process knows of the instances it calls, and what keeps it away from those that fail. */
export function createResilience(parts: ResilienceParts) {
  const { database, routes, clock, log, uses } = parts;
  const observations = new InstanceObservations(clock);
  const breakers = new BreakerBoard({
    store: createBreakerStore(database.workers, database.readers),
    clock,
    noteOutlier: (instanceId, reason) => {
      log.warn({ instanceId, reason }, 'an instance of an agent fails');
      uses.noteOutlier(instanceId, reason);
    },
    report: (error) => log.error({ causes: causesOf(error) }, 'a breaker could not be kept'),
  });
  const calls = new CallObserver({ observations, breakers, clock });
  const bulkheads = new Bulkheads(observations);
  const mover = createTaskMover(database.readers);
  const routing = routingPorts(parts, { observations, breakers });
  const others = { routes, instances: routing.instances, budget: new RetryBudget(), mover };
  return {
    /** How sends find an instance. */
    sending: { routes, ...routing, bulkheads },
    /** What work on tasks needs beside the agents. */
    working: { calls, bulkheads, others },
    /** What can not be read now is read later. */
    keepUp: (): void => void breakers.keepUp().catch(() => undefined),
    onHint: (): void => void breakers.refresh().catch(() => undefined),
  };
}
