import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { readCreditStatement } from '../metering/index.ts';
import type { CreditStatementStore } from '../metering/index.ts';
import { assertPeriod } from './read-usage.ts';
import type { UsageFacts, UsageStore } from './usage-store.ts';
import { addUsage, noUsage, usedMicrocredits } from './usage-sums.ts';
import type { UsageSums } from './usage-sums.ts';

/** What the tasks of one cost center of a department cost. */
export interface CostCenterUsage extends UsageSums {
  /** Empty: tasks of none. */
  readonly costCenter: string;
}

export interface DepartmentUsage extends UsageSums {
  /** Empty: tasks of none. */
  readonly department: string;
  /** Of all that the tenant used in the month, in hundredths of a percent, to the nearest. */
  readonly shareBasisPoints: number;
  readonly costCenters: readonly CostCenterUsage[];
}

/** The usage of a month of UTC by department. */
export interface Showback extends Pick<UsageFacts, 'from' | 'to' | 'pendingEntries' | 'total'> {
  /** What the ledger took for tasks in the month: what `total` costs, once the month is over and nothing is pending. */
  readonly ledgerMicrocredits: bigint;
  readonly departments: readonly DepartmentUsage[];
}

interface ShowbackPorts {
  readonly usage: UsageStore;
  readonly statements: CreditStatementStore;
}

/** The showback of a month such as `2026-11`. Throws `request.invalid`, and `usage.too-large` above `limits.usageGroupsMax`. */
export function readShowback({ usage, statements }: ShowbackPorts) {
  const readStatement = readCreditStatement({ statements });
  return async (caller: Caller, month: string): Promise<Showback> => {
    const { from, to, lines } = await readStatement(caller, month);
    const { now, pendingEntries, total, groups } = await usage.report(caller.tenant.id, {
      from,
      to,
      groupBy: ['department', 'costCenter'],
      offset: 0,
      limit: limits.usageGroupsMax + 1,
    });
    assertPeriod({ now, from, to }, { from: 'month', to: 'month' });
    if (groups.length > limits.usageGroupsMax) throw new PlatformError('usage.too-large');
    const ofTasks = lines.filter(({ kind }) => kind === 'settle' || kind === 'charge' || kind === 'overage');
    const byDepartment = Map.groupBy(groups, ({ department }) => department ?? '');
    return {
      from,
      to,
      pendingEntries,
      total,
      ledgerMicrocredits: ofTasks.reduce((sum, { amountMicrocredits }) => sum + amountMicrocredits, 0n),
      departments: Array.from(byDepartment, ([department, parts]) => {
        const sums = parts.reduce<UsageSums>(addUsage, noUsage);
        return {
          ...sums,
          department,
          shareBasisPoints: shareOf(usedMicrocredits(sums), usedMicrocredits(total)),
          costCenters: parts.map((part) => ({ ...addUsage(part, noUsage), costCenter: part.costCenter ?? '' })),
        };
      }),
    };
  };
}

function shareOf(used: bigint, total: bigint): number {
  return total === 0n ? 0 : Number((used * 20_000n + total) / (2n * total));
}
