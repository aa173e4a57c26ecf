import { createReconciliationWork } from '../../adapters/postgres/metering/credit-reconciliation-store.ts';
import { registerDriftMetrics } from '../../adapters/telemetry/index.ts';
import { limits } from '../../kernel/limits.ts';
import { reconcileDueCredits } from '../../modules/metering/index.ts';
import type { Foundation } from '../foundation.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Reconciles each wallet once a day, shared with the workers of all processes. Every worker exposes how far all wallets are off. */
export function createCreditReconciling({ config, database, metrics, clock, ids, log }: Foundation): BackgroundDuty {
  const reconciliations = createReconciliationWork(database.workers, database.readers);
  let drift = 0n;
  if (config.roles.has('worker')) registerDriftMetrics(metrics.registry, () => drift);
  const reconcile = reconcileDueCredits({
    reconciliations,
    ids,
    report: (tenantId, drifts) => {
      const figures = drifts.map(
        (one) => `${one.of}: expected ${one.expectedMicrocredits}, found ${one.foundMicrocredits}`,
      );
      log.error({ tenantId, what: figures.join('; ') }, 'the wallet of a tenant does not agree with its ledger');
    },
  });
  return new BackgroundDuty({
    run: async () => {
      try {
        return await reconcile();
      } finally {
        // Also after a tenant that could not be read: others may be off.
        drift = await reconciliations.totalDrift();
      }
    },
    everyMs: limits.creditReconcilePollMs,
    rests: true,
    failure: 'the wallets of tenants could not be reconciled',
    clock,
    log,
  });
}
