import type { Clock } from '../../kernel/clock.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { eventUuidOf } from '../../kernel/outbox-event.ts';
import type { EventType } from '../../kernel/outbox-event.ts';
import type { AlertKind, DueAlert } from './alert.ts';
import { dueAlerts, dueSamples } from './alert-rules.ts';
import type { AlertStore, NewAlert } from './alert-store.ts';

interface RaisePorts {
  readonly alerts: AlertStore;
  readonly ids: IdSource;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Hears of each alert that this process raised. */
  readonly count: (kind: AlertKind) => void;
}

/** The reconciler appends the event of a drift itself, when it finds it. */
const eventTypeOf: Readonly<Record<AlertKind, EventType | null>> = {
  'budget-threshold': 'dev.colloquy.credits.budget-threshold.v1',
  'burn-rate': 'dev.colloquy.credits.burn-rate.v1',
  'low-credit': 'dev.colloquy.credits.low.v1',
  drift: null,
};

/**
 * Returns a function that checks one page of tenants after the other and raises their due alerts; true while the round has more. A tenant whose alerts
 * cannot be raised does not keep the others waiting: its failure is thrown after them.
 */
export function raiseDueAlerts(ports: RaisePorts): () => Promise<boolean> {
  const { alerts, count } = ports;
  let after: TenantId | null = null;
  return async () => {
    const tenantIds = await alerts.findTenants(after, limits.alertTenantsMax);
    after = tenantIds.length < limits.alertTenantsMax ? null : (tenantIds.at(-1) ?? null);
    if (tenantIds.length === 0) return false;
    const state = await alerts.readState(tenantIds);
    const due = await alerts.dropRaised(dueAlerts(state));
    const failures = new Map<TenantId, unknown>();
    for (const [tenantId, own] of Map.groupBy(due, (alert) => alert.tenantId)) {
      const raising = alerts.raise(
        tenantId,
        own.map((alert) => newAlert(ports, alert)),
      );
      const raised = new Set(await raising.catch((failure: unknown) => (failures.set(tenantId, failure), [])));
      for (const { alertId, kind } of own) if (raised.has(alertId)) count(kind);
    }
    // A transaction each: it locks the wallet, and waits for no other tenant's.
    for (const [tenantId, windows] of Map.groupBy(dueSamples(state), (window) => window.tenantId)) {
      // A new sample would hide the burn rate that could not be told.
      if (failures.has(tenantId)) continue;
      await alerts.sample(windows).catch((failure: unknown) => failures.set(tenantId, failure));
    }
    const [failure] = failures.values();
    if (failures.size > 0) throw failure;
    return after !== null;
  };
}

function newAlert({ ids, clock }: RaisePorts, alert: DueAlert): NewAlert {
  const { tenantId, alertId, kind, budgetName, facts } = alert;
  const resource = budgetName === null ? 'credits' : `budgets/${budgetName}`;
  const type = eventTypeOf[kind];
  return {
    alert,
    entry: {
      tenantId,
      entryId: ids.next('ent'),
      actorId: 'platform',
      action: 'credits.alert-raised',
      outcome: 'succeeded',
      resource,
      requestId: ids.next('req'),
      facts: {
        kind,
        alertId,
        ...Object.fromEntries(
          Object.entries(facts).map(([name, value]) => [
            name,
            typeof value === 'object' ? JSON.stringify(value) : String(value),
          ]),
        ),
      },
    },
    event: type && {
      eventId: eventUuidOf(type, alertId),
      type,
      subject: resource,
      time: new Date(clock.nowMs()),
      data: { alertId, ...facts },
    },
  };
}
