export { countUsage } from './count-usage.ts';
export type { UsageCounter, UsageCounting, UsageCountingBounds } from './usage-store.ts';
