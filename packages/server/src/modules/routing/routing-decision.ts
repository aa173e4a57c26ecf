import { PlatformError } from '../../kernel/errors.ts';
import type { AgentInstance, Route } from './route.ts';

/** Which instance takes the call and why; kept with the task and shown to people. */
export interface RoutingDecision {
  readonly agent: string;
  readonly cardVersion: number;
  readonly instanceId: string;
  readonly candidates: number;
  readonly reason: 'only-instance' | 'spread-by-task';
}

/**
 * Chooses one of the instances that take new tasks: the only one, or one picked by the task's id so that equal tasks choose alike on every
 * node. Throws `routing.no-instance`.
 */
export function decideRoute(route: Route, taskIdHex: string): { decision: RoutingDecision; instance: AgentInstance } {
  const open = route.instances.filter(({ admission }) => admission === 'active');
  const instance = open[Number.parseInt(taskIdHex.slice(-6), 16) % open.length];
  if (instance === undefined) throw new PlatformError('routing.no-instance');
  return {
    instance,
    decision: {
      agent: route.agentName,
      cardVersion: route.cardVersion,
      instanceId: instance.instanceId,
      candidates: open.length,
      reason: open.length === 1 ? 'only-instance' : 'spread-by-task',
    },
  };
}
