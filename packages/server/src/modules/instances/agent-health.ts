import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { HealthState } from './health.ts';
import type { InstanceStore } from './instance-store.ts';
import type { RegisteredInstance } from './instance.ts';

/** The health of an agent and of each of its instances. */
export interface AgentHealth {
  readonly state: HealthState;
  /** Number of instances that take new tasks and are not unhealthy. */
  readonly available: number;
  readonly instances: readonly RegisteredInstance[];
}

/** The health of an agent of the caller's tenant. Throws `registry.agent-unknown`. */
export function readAgentHealth({ instances }: { readonly instances: InstanceStore }) {
  return async (caller: Caller, agentName: string): Promise<AgentHealth> => {
    const page = { after: null, limit: limits.agentInstancesMax };
    const found = slugProblem(agentName) === null ? await instances.list(caller.tenant.id, agentName, page) : null;
    if (found === null) throw new PlatformError('registry.agent-unknown');
    return healthOf(found);
  };
}

/** Combines the health of the instances that take new tasks. When their states differ, a degraded or unhealthy one makes the agent degraded. */
export function healthOf(instances: readonly RegisteredInstance[]): AgentHealth {
  const open = instances.filter(takesTasks);
  const states = new Set(open.map(({ health }) => health.state));
  const available = open.filter(({ health }) => health.state !== 'unhealthy').length;
  return { state: sumOf(states), available, instances };
}

function takesTasks({ admission, lease }: RegisteredInstance): boolean {
  return admission.state === 'active' && lease?.isLapsed !== true;
}

function sumOf(states: ReadonlySet<HealthState>): HealthState {
  if (states.size === 0) return 'unhealthy';
  const [only] = states;
  if (states.size === 1 && only !== undefined) return only;
  return states.has('degraded') || states.has('unhealthy') ? 'degraded' : 'healthy';
}
