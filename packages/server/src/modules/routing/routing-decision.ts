import { PlatformError } from '../../kernel/errors.ts';
import type { TaskId } from '../../kernel/ids.ts';
import type { BreakerBoard } from './breaker-board.ts';
import type { AgentInstance, Route } from './route.ts';

/** Which instance takes the call and why; kept with the task and shown to people. */
export interface RoutingDecision {
  readonly agent: string;
  readonly cardVersion: number;
  readonly instanceId: string;
  readonly candidates: number;
  readonly reason: 'only-instance' | 'spread-by-task' | 'probe';
}

/**
 * Chooses one of the instances that take new tasks and do not fail: the only one, or one picked by the task's id so that equal tasks choose
 * alike on every node. One whose breaker is half-open gets the task that comes first. Throws `routing.no-instance`, and
 * `upstream.circuit-open` when the breakers of all are open.
 */
export function decideRoute(
  route: Route,
  taskId: TaskId,
  breakers: Breakers,
): { decision: RoutingDecision; instance: AgentInstance } {
  const taking = route.instances.filter(({ admission }) => admission === 'active');
  if (taking.length === 0) throw new PlatformError('routing.no-instance');
  const closed = taking.filter(({ instanceId }) => breakers.stateOf(instanceId) === 'closed');
  const probed = taking.length === closed.length ? undefined : taking.find(isProbedBy(breakers, taskId));
  const instance = probed ?? closed[Number.parseInt(taskId.slice(-6), 16) % closed.length];
  if (instance === undefined) throw allOpen(taking, breakers);
  return {
    instance,
    decision: {
      agent: route.agentName,
      cardVersion: route.cardVersion,
      instanceId: instance.instanceId,
      candidates: taking.length,
      reason: taking.length === 1 ? 'only-instance' : probed === undefined ? 'spread-by-task' : 'probe',
    },
  };
}

type Breakers = Pick<BreakerBoard, 'stateOf' | 'takeProbe' | 'openForMs'>;

function isProbedBy(breakers: Breakers, taskId: TaskId) {
  return ({ instanceId }: AgentInstance): boolean =>
    breakers.stateOf(instanceId) === 'half-open' && breakers.takeProbe(instanceId, taskId);
}

function allOpen(instances: readonly AgentInstance[], breakers: Breakers): PlatformError {
  const retryAfterMs = Math.min(...instances.map(({ instanceId }) => breakers.openForMs(instanceId)));
  return new PlatformError('upstream.circuit-open', { retry: { kind: 'after', retryAfterMs } });
}
