import type { TenantId } from '../../kernel/ids.ts';
import type { ProbeTarget } from './health-store.ts';
import type { ProbeOutcome } from './probe-machine.ts';
import type { ProbePolicy } from './probe-policy.ts';

/** The settings of one probe. */
export interface InstanceProbe extends Pick<ProbeTarget, 'url' | 'wire' | 'pinnedKeys'> {
  readonly tenantId: TenantId;
  readonly kind: Exclude<ProbePolicy['kind'], 'none'>;
  readonly path: string | null;
  readonly timeoutMs: number;
}

/**
 * Probes instances over connections that the egress guard allows, without a credential. Every answer, and no answer, is an outcome; the promise
 * rejects only for the platform's own faults.
 */
export interface InstanceProber {
  probe(probe: InstanceProbe): Promise<ProbeOutcome>;
}
