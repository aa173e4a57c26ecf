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

/** Chooses an instance: the only one, or one picked by the task's id so that equal tasks choose alike on every node. */
export function decideRoute(route: Route, taskIdHex: string): { decision: RoutingDecision; instance: AgentInstance } {
  const at = Number.parseInt(taskIdHex.slice(-6), 16) % route.instances.length;
  const instance = route.instances[at];
  if (instance === undefined) throw new PlatformError('registry.agent-unknown');
  return {
    instance,
    decision: {
      agent: route.agentName,
      cardVersion: route.cardVersion,
      instanceId: instance.instanceId,
      candidates: route.instances.length,
      reason: route.instances.length === 1 ? 'only-instance' : 'spread-by-task',
    },
  };
}
