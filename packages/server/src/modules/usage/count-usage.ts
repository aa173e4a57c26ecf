import { limits } from '../../kernel/limits.ts';
import type { UsageCounter, UsageCounting, UsageCountingBounds } from './usage-store.ts';

const boundsMax: UsageCountingBounds = {
  tenantsMax: limits.usageCountTenantsMax,
  entriesMax: limits.usageCountEntriesMax,
};

/**
 * Counts tasks of every tenant that ended since the last run, up to a bound. After a run that failed, as one does that times out, the next
 * one is smaller, down to one entry of one tenant.
 */
export function countUsage({ counter }: { readonly counter: UsageCounter }) {
  let entriesMax = boundsMax.entriesMax;
  return async (): Promise<UsageCounting> => {
    try {
      const counting = await counter.count(
        entriesMax < boundsMax.entriesMax ? { tenantsMax: 1, entriesMax } : boundsMax,
      );
      entriesMax = Math.min(boundsMax.entriesMax, entriesMax * 2);
      return counting;
    } catch (error) {
      entriesMax = Math.max(1, Math.floor(entriesMax / 4));
      throw error;
    }
  };
}
