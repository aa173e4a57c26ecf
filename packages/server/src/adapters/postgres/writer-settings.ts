/**
 * Settings of sessions that write shared batches. Their few large statements always need the same plan: one lookup by key for each item.
 * Planning anew costs more than running them (1.6 ms against 0.1 ms for a small batch), and statistics of a table that has just
 * been empty would choose scans that grow with it; so the plan is made once, and only index lookups are left to choose.
 */
export const writerSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  // Both would read all rows that the tenant policy allows once, and join them in memory.
  enable_bitmapscan: 'off',
  enable_material: 'off',
} as const;
