import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { defaultProbePolicy, policyViolations } from './probe-policy.ts';
import type { ProbePolicy } from './probe-policy.ts';

/** Probe policies of agents. Promises of an implementation: a change and its audit entry are one transaction, and the agent's instances are probed again at once. */
export interface ProbePolicyStore {
  /** Null when the tenant has no such agent; its policy is null when it has none of its own. */
  find(tenantId: TenantId, agentName: string): Promise<{ readonly policy: ProbePolicy | null } | null>;
  /** False when the tenant has no such agent. Null: the default holds. */
  set(tenantId: TenantId, agentName: string, policy: ProbePolicy | null, entry: NewAuditEntry): Promise<boolean>;
}

export interface ProbePolicyPorts {
  readonly probePolicies: ProbePolicyStore;
  readonly probeIntervalMs: number;
  readonly ids: IdSource;
}

/** The policy in force, and whether it is the agent's own. */
export interface PolicyInForce {
  readonly policy: ProbePolicy;
  readonly isOwn: boolean;
}

/** The probe policy in force for an agent. Throws `registry.agent-unknown`. */
export function readProbePolicy({ probePolicies, probeIntervalMs }: ProbePolicyPorts) {
  return async (caller: Caller, agentName: string): Promise<PolicyInForce> => {
    const found = slugProblem(agentName) === null ? await probePolicies.find(caller.tenant.id, agentName) : null;
    if (found === null) throw new PlatformError('registry.agent-unknown');
    const { policy } = found;
    if (policy !== null) return { policy, isOwn: true };
    const byDefault = defaultProbePolicy(probeIntervalMs);
    return { policy: probeIntervalMs > 0 ? byDefault : { ...byDefault, kind: 'none' }, isOwn: false };
  };
}

/** Sets the probe policy of an agent; null: the platform's default. Throws `request.invalid` and `registry.agent-unknown`. */
export function changeProbePolicy(ports: ProbePolicyPorts) {
  return async (caller: Caller, agentName: string, policy: ProbePolicy | null): Promise<PolicyInForce> => {
    const violations = policy === null ? [] : policyViolations(policy);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    if (slugProblem(agentName) !== null) throw new PlatformError('registry.agent-unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'probe.changed',
      outcome: 'succeeded',
      resource: `agents/${agentName}`,
      facts: { kind: policy?.kind ?? 'default' },
    });
    const wasThere = await ports.probePolicies.set(caller.tenant.id, agentName, policy, entry);
    if (!wasThere) throw new PlatformError('registry.agent-unknown');
    return readProbePolicy(ports)(caller, agentName);
  };
}
