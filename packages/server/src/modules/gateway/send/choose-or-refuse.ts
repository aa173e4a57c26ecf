import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { policyFor } from '../../resilience/index.ts';
import type { ResiliencePolicy } from '../../resilience/index.ts';
import { refusedDecision, seedOf } from '../../routing/index.ts';
import type { Decided, Route, RoutingPreference } from '../../routing/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { priceOf, skillIdOf } from './route-rules.ts';
import type { RoutedSend } from './send.ts';

/** The instance that a send goes to, before anything of it is recorded. */
export interface Chosen extends Decided {
  /** Why the agent is not asked and the work goes to its fallback agents; null: the agent is asked. */
  readonly refusal: PlatformError | null;
  /** The price of the agent, or of its most expensive fallback agent. */
  readonly reserveMicrocredits: bigint;
}

/**
 * Chooses the instance for a send, or refuses the send before it costs anything: throws `upstream.circuit-open`, `upstream.saturated`,
 * `upstream.queue-too-old` and `routing.no-instance`. A send whose agent has fallback agents for such a case is accepted and goes to them.
 */
export async function chooseOrRefuse(ports: GatewayPorts, send: RoutedSend, taskId: TaskId): Promise<Chosen> {
  const { route, request } = send;
  const skillId = skillIdOf(request.message);
  const preference = routingPreference(ports, send, { taskId, skillId });
  const policy = policyFor(route.resilience, skillId);
  const own = priceOf(route, skillId);
  const { fallback } = policy;
  const reserveMicrocredits =
    fallback.length === 0 ? own : await highestPrice(ports, { route, skillId, own }, fallback);
  try {
    assertQueue(ports, route, policy);
    const decided = ports.instances.decide(route, preference instanceof Promise ? await preference : preference);
    ports.bulkheads.assertRoom(decided.instance.instanceId, policy.callsMax);
    return { ...decided, refusal: null, reserveMicrocredits };
  } catch (error) {
    const refusal = asPlatformError(error);
    const [instance] = route.instances;
    const goesToFallback = policy.fallback.length > 0 && policy.fallbackOn.includes('unavailable');
    if (!goesToFallback || instance === undefined || refusal.code === 'internal.unexpected') throw error;
    return { ...refusedDecision(route, instance, refusal.code), refusal, reserveMicrocredits };
  }
}

/**
 * What a send prefers of the routing decision. The earlier instance of its context is looked up only where contexts stick to instances. Tasks
 * of one new context draw the same random number, so that tasks sent at once reach the same instance.
 */
function routingPreference(
  ports: Pick<GatewayPorts, 'instances' | 'contexts'>,
  { caller, request, route }: RoutedSend,
  { taskId, skillId }: Pick<RoutingPreference, 'taskId' | 'skillId'>,
): RoutingPreference | Promise<RoutingPreference> {
  const { contextId } = request.message;
  if (contextId === undefined || !ports.instances.isSticky(route))
    return { taskId, skillId, seed: seedOf(taskId), stickyTo: null };
  const { tenantId, agentId } = route;
  return ports.contexts
    .findPlace({ tenantId, agentId, ownerId: caller.principal.id, contextId })
    .then((stickyTo) => ({ taskId, skillId, seed: seedOf(contextId), stickyTo }));
}

function assertQueue({ queueAgeMs }: GatewayPorts, { agentId }: Route, { queueMsMax }: ResiliencePolicy): void {
  const ageMs = queueAgeMs(agentId);
  if (ageMs !== null && ageMs > (queueMsMax ?? limits.queueAgeMsMax)) throw new PlatformError('upstream.queue-too-old');
}

interface AgentPrice {
  readonly route: Route;
  readonly skillId: string | null;
  readonly own: bigint;
}

/** No fallback agent may cost more than the reservation. The agent that does the work is paid its own price. */
async function highestPrice(
  { routes }: GatewayPorts,
  { route, skillId, own }: AgentPrice,
  fallback: readonly string[],
): Promise<bigint> {
  let price = own;
  for (const name of fallback) {
    const other = await resolveOrNull(routes, route, name);
    const one = other === null ? 0n : priceOf(other, skillId);
    if (one > price) price = one;
  }
  return price;
}

async function resolveOrNull(routes: GatewayPorts['routes'], { tenantId }: Route, name: string): Promise<Route | null> {
  try {
    return await routes.resolve(tenantId, name);
  } catch {
    // It is deregistered or suspended, so it will not be asked.
    return null;
  }
}
