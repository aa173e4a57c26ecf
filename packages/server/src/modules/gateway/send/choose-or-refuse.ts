import type { Message } from '@colloquy/protocol';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { policyFor } from '../../resilience/index.ts';
import type { ResiliencePolicy } from '../../resilience/index.ts';
import type { ResultHit } from '../../results/index.ts';
import { refusedDecision, seedOf } from '../../routing/index.ts';
import type { Decided, Route, RoutingPreference } from '../../routing/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { isPlain, reservedOf } from '../../prices/index.ts';
import type { TaskPrice } from '../../prices/index.ts';
import { hitPrice } from './cached-work.ts';
import { plainPriceOf, skillIdOf } from './route-rules.ts';
import type { RoutedSend } from './send.ts';
import { priceFor } from './task-prices.ts';
import type { TaskPrices } from './task-prices.ts';

/** The instance that a send goes to, before anything of it is recorded. */
export interface Chosen extends Decided, SendPrice {
  /** Why the agent is not asked and the work goes to its fallback agents; null: the agent is asked. */
  readonly refusal: PlatformError | null;
}

/** What a send reserves, and why. */
export interface SendPrice {
  /** The price of the agent, as far as the message tells it. */
  readonly callMicrocredits: bigint;
  /** The same, or that of the most expensive fallback agent. */
  readonly reserveMicrocredits: bigint;
  /** Null for a plain price without fallback agents: the task costs what is reserved. */
  readonly prices: TaskPrices | null;
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
  const price = priceSend(ports, send, policy.fallback);
  const priced = price instanceof Promise ? await price : price;
  try {
    assertQueue(ports, route, policy);
    const decided = ports.instances.decide(route, preference instanceof Promise ? await preference : preference);
    ports.bulkheads.assertRoom(decided.instance.instanceId, policy.callsMax);
    return { ...decided, ...priced, refusal: null };
  } catch (error) {
    const refusal = asPlatformError(error);
    const [instance] = route.instances;
    const goesToFallback = policy.fallback.length > 0 && policy.fallbackOn.includes('unavailable');
    if (!goesToFallback || instance === undefined || refusal.code === 'internal.unexpected') throw error;
    return { ...refusedDecision(route, instance, refusal.code), ...priced, refusal };
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

/** Prices the message at its agent and its fallback agents. At once for an agent without fallback agents. */
export function priceSend(
  ports: Pick<GatewayPorts, 'clock' | 'routes'>,
  { route, request: { message } }: Pick<RoutedSend, 'route' | 'request'>,
  fallback: readonly string[],
): SendPrice | Promise<SendPrice> {
  const hasParts = route.prices !== undefined;
  if (!hasParts && fallback.length === 0) {
    const plain = plainPriceOf(route, skillIdOf(message));
    return { callMicrocredits: plain, reserveMicrocredits: plain, prices: null };
  }
  const own = priceFor(route, message, ports.clock.nowMs());
  const callMicrocredits = reservedOf(own);
  const prices = new Map([[route.agentName, own]]);
  if (fallback.length > 0) return withFallback(ports, { route, message, prices, callMicrocredits }, fallback);
  return { callMicrocredits, reserveMicrocredits: callMicrocredits, prices: isPlain(own.price) ? null : prices };
}

/** What a send reserves; for a cache hit its part of the price of the call. */
export function reservationOf({ callMicrocredits, reserveMicrocredits }: SendPrice, hit: ResultHit | null): bigint {
  return hit === null ? reserveMicrocredits : hitPrice(callMicrocredits, hit);
}

interface PricedCall {
  readonly route: Route;
  readonly message: Message;
  readonly prices: Map<string, TaskPrice>;
  readonly callMicrocredits: bigint;
}

/** No fallback agent may cost more than the reservation. The agent that does the work is paid its own price. */
async function withFallback(
  { clock, routes }: Pick<GatewayPorts, 'clock' | 'routes'>,
  { route, message, prices, callMicrocredits }: PricedCall,
  fallback: readonly string[],
): Promise<SendPrice> {
  let reserveMicrocredits = callMicrocredits;
  for (const name of fallback) {
    const other = await resolveOrNull(routes, route, name);
    if (other === null) continue;
    const price = priceFor(other, message, clock.nowMs());
    prices.set(name, price);
    const reserved = reservedOf(price);
    if (reserved > reserveMicrocredits) reserveMicrocredits = reserved;
  }
  return { callMicrocredits, reserveMicrocredits, prices };
}

async function resolveOrNull(routes: GatewayPorts['routes'], { tenantId }: Route, name: string): Promise<Route | null> {
  try {
    return await routes.resolve(tenantId, name);
  } catch {
    // It is deregistered or suspended, so it will not be asked.
    return null;
  }
}
