import type { EgressGuards } from '../../adapters/upstream/egress-guards.ts';
import type { Keys } from '../control-plane/keys.ts';
import type { Foundation } from '../foundation.ts';
import { createAlertRaising } from './alert-raising.ts';
import type { BackgroundDuty } from './background-duty.ts';
import { createCreditReconciling } from './credit-reconciling.ts';
import { createEndpointChecks } from './endpoint-checks.ts';
import { createGrantLapsing } from './grant-lapsing.ts';
import { createInstanceHealth } from './instance-health.ts';
import type { InstanceHealth } from './instance-health.ts';
import { createKeyRotation } from './key-rotation.ts';
import { SealDuty } from './seal-duty.ts';
import { createSlaCounting } from './sla-counting.ts';
import { createUsageCounting } from './usage-counting.ts';

/**
 * Background work of a process that is not part of its requests. Some of it runs after each renewal of the node's lease: node.ts lists
 * that work in order. The rest runs at a pace of its own, in processes with the role worker.
 */
export interface Duties {
  readonly seals: SealDuty;
  readonly instances: InstanceHealth;
  /** Starts the duties with a pace of their own, if this process is a worker. */
  start(): void;
  /** Resolves when the current slice of each is done. */
  stop(): Promise<void>;
}

export function createDuties(foundation: Foundation, keys: Keys, guards: EgressGuards): Duties {
  const paced: readonly BackgroundDuty[] = [
    createKeyRotation(foundation, keys),
    createEndpointChecks(foundation, guards),
    createSlaCounting(foundation),
    createGrantLapsing(foundation),
    createCreditReconciling(foundation),
    createUsageCounting(foundation),
    createAlertRaising(foundation),
  ];
  return {
    seals: new SealDuty(foundation, keys.vault),
    instances: createInstanceHealth(foundation, guards),
    start() {
      if (foundation.config.roles.has('worker')) for (const duty of paced) duty.start();
    },
    async stop() {
      for (const duty of paced.toReversed()) await duty.stop();
    },
  };
}
