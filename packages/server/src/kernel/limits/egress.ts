/** The bounds of private addresses that tenants may reach. */
export const egressLimits = {
  /** Private ranges and hosts that are open to one tenant. A further one is refused until one is removed. */
  egressAllowancesMax: 100,
  /** Every process reads again after this time what is open to a tenant, so that a change reaches it. */
  egressRefreshMs: 5_000,
  /** Tenants whose allowances one process caches. The least used is dropped first. */
  egressTenantsMax: 10_000,
} as const;
