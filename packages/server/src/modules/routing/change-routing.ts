import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentRoutingStore } from './agent-routing-store.ts';
import { defaultRoutingPolicy, policyViolations } from './routing-policy.ts';
import type { RoutingPolicy } from './routing-policy.ts';

export interface RoutingChangePorts {
  readonly agentRouting: AgentRoutingStore;
  readonly ids: IdSource;
}

/** The routing policy of an agent of the caller's tenant. Throws `registry.agent-unknown`. */
export function readRouting({ agentRouting }: Pick<RoutingChangePorts, 'agentRouting'>) {
  return async (caller: Caller, agentName: string): Promise<RoutingPolicy> => {
    const found = slugProblem(agentName) === null ? await agentRouting.find(caller.tenant.id, agentName) : undefined;
    if (found === undefined) throw new PlatformError('registry.agent-unknown');
    return found ?? defaultRoutingPolicy;
  };
}

/**
 * Replaces the routing policy of an agent; null removes it. Throws `registry.agent-unknown` and `request.invalid`.
 */
export function changeRouting({ agentRouting, ids }: RoutingChangePorts) {
  return async (caller: Caller, agentName: string, policy: RoutingPolicy | null): Promise<RoutingPolicy> => {
    const violations = policy === null ? [] : policyViolations(policy);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const entry = auditEntryBy(caller, ids, {
      action: policy === null ? 'routing.unset' : 'routing.set',
      outcome: 'succeeded',
      resource: `agents/${agentName}`,
      facts: policy === null ? {} : { choice: policy.choice, mirror: policy.mirror?.version ?? 'none' },
    });
    const isSet =
      slugProblem(agentName) === null && (await agentRouting.set(caller.tenant.id, agentName, policy, entry));
    if (!isSet) throw new PlatformError('registry.agent-unknown');
    return policy ?? defaultRoutingPolicy;
  };
}
