/** Ended tasks by how they ended, and what they cost. */
export interface UsageSums {
  readonly calls: bigint;
  /** Of those, tasks that an agent completed, */
  readonly completed: bigint;
  /** that a cached result answered, */
  readonly cached: bigint;
  readonly failed: bigint;
  readonly canceled: bigint;
  readonly rejected: bigint;
  /** What was paid from reservations, */
  readonly settledMicrocredits: bigint;
  /** from what was available above them, */
  readonly chargedMicrocredits: bigint;
  /** and is owed. */
  readonly overageMicrocredits: bigint;
  /** What tasks took whose price depends on it: items, with six decimals, */
  readonly items: number;
  /** working time, */
  readonly workedMs: number;
  /** and the units that the price names, with six decimals. */
  readonly units: Readonly<Record<string, number>>;
}

export const noUsage: UsageSums = {
  calls: 0n,
  completed: 0n,
  cached: 0n,
  failed: 0n,
  canceled: 0n,
  rejected: 0n,
  settledMicrocredits: 0n,
  chargedMicrocredits: 0n,
  overageMicrocredits: 0n,
  items: 0,
  workedMs: 0,
  units: {},
};

/** All that the tasks cost. */
export function usedMicrocredits({ settledMicrocredits, chargedMicrocredits, overageMicrocredits }: UsageSums): bigint {
  return settledMicrocredits + chargedMicrocredits + overageMicrocredits;
}

export function addUsage(one: UsageSums, other: UsageSums): UsageSums {
  return {
    calls: one.calls + other.calls,
    completed: one.completed + other.completed,
    cached: one.cached + other.cached,
    failed: one.failed + other.failed,
    canceled: one.canceled + other.canceled,
    rejected: one.rejected + other.rejected,
    settledMicrocredits: one.settledMicrocredits + other.settledMicrocredits,
    chargedMicrocredits: one.chargedMicrocredits + other.chargedMicrocredits,
    overageMicrocredits: one.overageMicrocredits + other.overageMicrocredits,
    items: addQuantities(one.items, other.items),
    workedMs: one.workedMs + other.workedMs,
    units: Object.fromEntries(
      Array.from(new Set([...Object.keys(one.units), ...Object.keys(other.units)]), (unit) => [
        unit,
        addQuantities(one.units[unit] ?? 0, other.units[unit] ?? 0),
      ]),
    ),
  };
}

/** Without the noise that binary fractions add. */
function addQuantities(one: number, other: number): number {
  return Number((one + other).toFixed(6));
}
