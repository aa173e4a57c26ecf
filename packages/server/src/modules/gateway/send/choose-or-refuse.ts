import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { policyFor } from '../../resilience/index.ts';
import type { ResiliencePolicy } from '../../resilience/index.ts';
import { refusedDecision } from '../../routing/index.ts';
import type { Decided, Route } from '../../routing/index.ts';
import { priceOf } from './price-of.ts';
import { skillIdOf } from './skill-id-of.ts';
import type { GatewayPorts } from '../ports.ts';
import { routingWish } from './routing-wish.ts';
import type { RoutedSend } from './send.ts';

/** Where a send goes, before anything of it is recorded. */
export interface Chosen extends Decided {
  /** Why the agent is not even asked; its chain is. Null: it is asked. */
  readonly refusal: PlatformError | null;
  /** The price of the agent, or of the most expensive one of its chain. */
  readonly reserveMicrocredits: bigint;
}

/**
 * Chooses the instance for a send, and refuses the send while that costs nothing: throws `upstream.circuit-open`, `upstream.saturated`,
 * `upstream.queue-too-old` and `routing.no-instance`. A send whose agent has a chain for such a case is taken, and goes to the chain.
 */
export async function chooseOrRefuse(ports: GatewayPorts, send: RoutedSend, taskId: TaskId): Promise<Chosen> {
  const { route, request } = send;
  const wish = routingWish(ports, send, taskId);
  const skillId = skillIdOf(request.message);
  const policy = policyFor(route.resilience, skillId);
  const own = priceOf(route, skillId);
  const { fallback } = policy;
  const reserveMicrocredits =
    fallback.length === 0 ? own : await mostExpensive(ports, { route, skillId, own }, fallback);
  try {
    assertQueue(ports, route, policy);
    const decided = ports.instances.decide(route, wish instanceof Promise ? await wish : wish);
    ports.bulkheads.assertRoom(decided.instance.instanceId, policy.callsMax);
    return { ...decided, refusal: null, reserveMicrocredits };
  } catch (error) {
    const refusal = asPlatformError(error);
    const [instance] = route.instances;
    const isForChain = policy.fallback.length > 0 && policy.fallbackOn.includes('unavailable');
    if (!isForChain || instance === undefined || refusal.code === 'internal.unexpected') throw error;
    return { ...refusedDecision(route, instance, refusal.code), refusal, reserveMicrocredits };
  }
}

function assertQueue({ queueAgeMs }: GatewayPorts, { agentId }: Route, { queueMsMax }: ResiliencePolicy): void {
  const ageMs = queueAgeMs(agentId);
  if (ageMs !== null && ageMs > (queueMsMax ?? limits.queueAgeMsMax)) throw new PlatformError('upstream.queue-too-old');
}

interface Origin {
  readonly route: Route;
  readonly skillId: string | null;
  readonly own: bigint;
}

/** Nobody of the chain may cost more than what is set aside; who does the work gets its own price. */
async function mostExpensive(
  { routes }: GatewayPorts,
  { route, skillId, own }: Origin,
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
    // It is gone, or stopped: nobody will ask it.
    return null;
  }
}
