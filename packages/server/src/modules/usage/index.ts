export { countUsage } from './count-usage.ts';
export { readShowback } from './read-showback.ts';
export type { CostCenterUsage, DepartmentUsage, Showback } from './read-showback.ts';
export { readUsage, readWholeUsage } from './read-usage.ts';
export type { UsageReport, UsageRequest } from './read-usage.ts';
export { usageGroupings } from './usage-store.ts';
export type {
  UsageCounter,
  UsageCounting,
  UsageCountingBounds,
  UsageFacts,
  UsageGroup,
  UsageGrouping,
  UsageQuery,
  UsageStore,
} from './usage-store.ts';
export { usedMicrocredits } from './usage-sums.ts';
export type { UsageSums } from './usage-sums.ts';
