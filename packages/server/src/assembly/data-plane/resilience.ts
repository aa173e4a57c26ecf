import { createBreakerStore } from '../../adapters/postgres/routing/breaker-store.ts';
import { createTaskMover } from '../../adapters/postgres/tasks/task-mover.ts';
import type { TaskId } from '../../kernel/ids.ts';
import { Bulkheads, CallObserver, RetryBudget } from '../../modules/gateway/index.ts';
import type { InstanceUses } from '../../modules/instances/index.ts';
import { BreakerBoard, InstanceObservations } from '../../modules/routing/index.ts';
import type { RouteCache } from '../../modules/routing/index.ts';
import type { NodeFoundation } from '../foundation.ts';
import { causesOf } from '../log.ts';
import { routingPorts } from './router.ts';
import type { RoutingParts } from './router.ts';

interface ResilienceParts extends RoutingParts {
  /** The routes in use. */
  readonly routes: RouteCache;
  readonly uses: InstanceUses;
}

/** Circuit breakers, concurrency limits and retries: what this process observes of instances, and how it avoids those that fail. */
export function createResilience(foundation: NodeFoundation, parts: ResilienceParts) {
  const { database, clock, log } = foundation;
  const { routes, uses } = parts;
  const observations = new InstanceObservations(clock);
  const breakers = new BreakerBoard({
    store: createBreakerStore(database.workers, database.readers),
    clock,
    noteOutlier: (instanceId, reason) => {
      log.warn({ instanceId, reason }, 'an instance of an agent fails');
      uses.noteOutlier(instanceId, reason);
    },
    report: (error) => log.error({ causes: causesOf(error) }, 'a breaker could not be written'),
  });
  const calls = new CallObserver({ observations, breakers, uses, clock });
  const bulkheads = new Bulkheads(observations);
  const mover = createTaskMover(database.readers);
  const routing = routingPorts(foundation, parts, { observations, breakers });
  const usageReports = { malformed: 0 };
  const reportMalformedUsage = (taskId: TaskId): void => {
    usageReports.malformed += 1;
    log.warn({ taskId }, 'an agent reported usage that cannot be read; it counts as none');
  };
  const others = { routes, instances: routing.instances, budget: new RetryBudget(), mover, reportMalformedUsage };
  return {
    /** How sends find an instance. */
    sending: { routes, ...routing, bulkheads },
    /** What work on tasks needs beside the agents. */
    working: { calls, bulkheads, others },
    /** Counts of this process since its start. */
    usageReports,
    /** While the database is away, a later call does the work. */
    breakers: {
      keepUp: (): void => void breakers.keepUp().catch(() => undefined),
      onNotified: (): void => void breakers.refresh().catch(() => undefined),
    },
  };
}
