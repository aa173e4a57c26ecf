import type { Caller } from '../../kernel/caller.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';

/** The delegation settings of tenants. Both methods reject with `platform.unavailable`. */
export interface DelegationRuleStore {
  /** Hops below a chain's first task, 1 to `limits.delegationDepthMax`; null when the tenant has set none. */
  findDepthMax(tenantId: TenantId): Promise<number | null>;
  /** Sets it for the tenant of the entry, with the entry. Sends that begin after it has resolved are held to it, at every process. */
  setDepthMax(depthMax: number, entry: NewAuditEntry): Promise<void>;
}

interface DelegationRulePorts {
  readonly delegationRules: DelegationRuleStore;
  readonly ids: IdSource;
}

/** How deep the chains of the caller's tenant may be. */
export function readDelegationDepth({ delegationRules }: Pick<DelegationRulePorts, 'delegationRules'>) {
  return async (caller: Caller): Promise<number> =>
    (await delegationRules.findDepthMax(caller.tenant.id)) ?? limits.delegationDepthMax;
}

/** Sets how deep the chains of the caller's tenant may be, within the platform's bound. Tasks that are deeper already go on. */
export function setDelegationDepth({ delegationRules, ids }: DelegationRulePorts) {
  return async (caller: Caller, depthMax: number): Promise<number> => {
    const facts = { depthMax: String(depthMax) };
    const act = { action: 'delegation.depth-set', outcome: 'succeeded', resource: 'delegation', facts } as const;
    await delegationRules.setDepthMax(depthMax, auditEntryBy(caller, ids, act));
    return depthMax;
  };
}
