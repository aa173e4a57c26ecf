import type { TenantId } from '../../kernel/ids.ts';
import type { ProbeTarget } from './health-store.ts';
import type { ProbeOutcome } from './probe-machine.ts';
import type { ProbePolicy } from './probe-policy.ts';

/** One question to an instance. */
export interface InstanceProbe extends Pick<ProbeTarget, 'url' | 'wire' | 'pinnedKeys'> {
  readonly tenantId: TenantId;
  readonly kind: Exclude<ProbePolicy['kind'], 'none'>;
  readonly path: string | null;
  readonly timeoutMs: number;
}

/**
 * Asks instances how they are, over connections that the egress guard has judged and without a credential. An answer of any kind is an outcome,
 * and so is none: it rejects with nothing but faults of our own.
 */
export interface InstanceProber {
  probe(probe: InstanceProbe): Promise<ProbeOutcome>;
}
