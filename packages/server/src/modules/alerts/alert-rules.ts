import { digest128 } from '../../kernel/digest.ts';
import { limits } from '../../kernel/limits.ts';
import type { AlertFacts, CheckedWindow, CreditState, DueAlert, FoundDrift, LowWallet } from './alert.ts';

/** The alerts that follow from this state, raised before or not. */
export function dueAlerts({ windows, lowWallets, drifts, at }: CreditState): readonly DueAlert[] {
  return [
    ...windows.flatMap(thresholdAlerts),
    ...windows.flatMap((window) => burnRateAlerts(window, at)),
    ...lowWallets.map(lowCreditAlert),
    ...drifts.map(driftAlert),
  ];
}

/** The windows whose burn rate is measured anew: never measured, or measured over the whole time. */
export function dueSamples({ windows, at }: CreditState): readonly CheckedWindow[] {
  return windows.filter(
    ({ budget, endsAt, sample }) =>
      budget.burnRateFactor !== null &&
      endsAt !== null &&
      endsAt > at &&
      (sample === null || at.getTime() - sample.at.getTime() >= limits.burnRateMs),
  );
}

function thresholdAlerts(window: CheckedWindow): readonly DueAlert[] {
  const { tenantId, budget, limitMicrocredits } = window;
  const spent = spentIn(window);
  if (spent <= 0n) return [];
  return budget.alertPercents
    .filter((percent) => spent * 100n >= BigInt(percent) * limitMicrocredits)
    .map((percent) => ({
      tenantId,
      alertId: idOfWindow(window, `threshold ${String(percent)}`),
      kind: 'budget-threshold',
      budgetName: budget.name,
      facts: { percent, ...windowFacts(window) },
    }));
}

/** Spending since the last measurement, compared with spending the limit evenly over the period. */
function burnRateAlerts(window: CheckedWindow, at: Date): readonly DueAlert[] {
  const { tenantId, budget, limitMicrocredits, leftMicrocredits, startsAt, endsAt, sample } = window;
  const { burnRateFactor } = budget;
  if (burnRateFactor === null || endsAt === null || sample === null) return [];
  const measuredMs = at.getTime() - sample.at.getTime();
  const spent = sample.leftMicrocredits - leftMicrocredits;
  if (measuredMs < limits.burnRateMs || spent <= 0n) return [];
  const periodMs = endsAt.getTime() - startsAt.getTime();
  if (Number(spent) * periodMs <= burnRateFactor * Number(limitMicrocredits) * measuredMs) return [];
  const lastsMs = leftMicrocredits > 0n ? (Number(leftMicrocredits) * measuredMs) / Number(spent) : 0;
  const runsOutAt = new Date(at.getTime() + lastsMs);
  const facts = {
    burnRateFactor,
    measuredSeconds: Math.round(measuredMs / 1000),
    measuredMicrocredits: Number(spent),
    ...(runsOutAt < endsAt ? { runsOutAt: runsOutAt.toISOString() } : {}),
    ...windowFacts(window),
  };
  return [{ tenantId, alertId: idOfWindow(window, 'burn rate'), kind: 'burn-rate', budgetName: budget.name, facts }];
}

function lowCreditAlert(wallet: LowWallet): DueAlert {
  const { tenantId, availableMicrocredits, lowCreditMicrocredits, grantedMicrocredits } = wallet;
  return {
    tenantId,
    alertId: digest128(`alert low credit ${tenantId} ${String(lowCreditMicrocredits)} ${String(grantedMicrocredits)}`),
    kind: 'low-credit',
    budgetName: null,
    facts: {
      availableMicrocredits: Number(availableMicrocredits),
      lowCreditMicrocredits: Number(lowCreditMicrocredits),
    },
  };
}

function driftAlert({ tenantId, checkedAt, drifts }: FoundDrift): DueAlert {
  return {
    tenantId,
    // The amounts move with every task, their difference does not.
    alertId: digest128(`alert drift ${tenantId} ${JSON.stringify(drifts.map(differenceOf))}`),
    kind: 'drift',
    budgetName: null,
    facts: { checkedAt: checkedAt.toISOString(), drifts },
  };
}

function differenceOf({
  of,
  expectedMicrocredits,
  foundMicrocredits,
}: FoundDrift['drifts'][number]): readonly string[] {
  return [of, String(BigInt(foundMicrocredits) - BigInt(expectedMicrocredits))];
}

function idOfWindow({ tenantId, budget, startsAt }: CheckedWindow, what: string): string {
  return digest128(`alert ${what} ${tenantId} ${budget.budgetId} ${String(startsAt.getTime())}`);
}

function spentIn({ limitMicrocredits, leftMicrocredits }: CheckedWindow): bigint {
  return limitMicrocredits - leftMicrocredits;
}

/** Amounts of budgets are exact as JSON numbers: no limit exceeds `limits.amountMicrocreditsMax`. */
function windowFacts(window: CheckedWindow): AlertFacts {
  const { budget, limitMicrocredits, leftMicrocredits, startsAt, endsAt } = window;
  return {
    budget: budget.name,
    scope: budget.scope,
    ...(budget.subject === '' ? {} : { subject: budget.subject }),
    period: budget.period,
    mode: budget.mode,
    limitMicrocredits: Number(limitMicrocredits),
    spentMicrocredits: Number(spentIn(window)),
    leftMicrocredits: Number(leftMicrocredits),
    startsAt: startsAt.toISOString(),
    ...(endsAt === null ? {} : { endsAt: endsAt.toISOString() }),
  };
}
