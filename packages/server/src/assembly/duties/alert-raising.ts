import { createAlertStore } from '../../adapters/postgres/alerts/alert-store.ts';
import { registerAlertMetrics } from '../../adapters/telemetry/index.ts';
import { limits } from '../../kernel/limits.ts';
import { alertKinds, raiseDueAlerts } from '../../modules/alerts/index.ts';
import type { AlertKind } from '../../modules/alerts/index.ts';
import type { Foundation } from '../foundation.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Raises alerts about credits, whichever worker finds them first, and exposes how many this process raised. */
export function createAlertRaising({ config, database, metrics, clock, ids, log }: Foundation): BackgroundDuty {
  const alerts = createAlertStore(database.workers, database.readers);
  const raised = new Map<AlertKind, number>(alertKinds.map((kind) => [kind, 0]));
  if (config.roles.has('worker')) registerAlertMetrics(metrics.registry, () => raised);
  const count = (kind: AlertKind): void => void raised.set(kind, (raised.get(kind) ?? 0) + 1);
  return new BackgroundDuty({
    run: raiseDueAlerts({ alerts, ids, clock, count }),
    everyMs: limits.alertCheckEveryMs,
    rests: true,
    failure: 'alerts about credits could not be raised',
    clock,
    log,
  });
}
