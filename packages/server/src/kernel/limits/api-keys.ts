/** The bounds of API keys. */
export const apiKeyLimits = {
  /** Live API keys of one name: the one in use and its successor. A third is refused. */
  apiKeysPerNameMax: 2,
  /** Live API keys of one tenant. A further one is refused. */
  apiKeysPerTenantMax: 1_000,
  /** Agents that one API key may be restricted to. A longer list is refused as invalid. */
  apiKeyAgentsMax: 50,
  /** Days that an API key is valid when its request names no time, */
  apiKeyDaysDefault: 90,
  /** and at most; a longer time is refused as invalid. */
  apiKeyDaysMax: 366,
  /** The time at which each API key was last used is written this often. */
  apiKeyUsesWriteMs: 60_000,
  /** API keys of one process whose use waits to be written. Uses of further keys are not recorded until then. */
  apiKeyUsesMax: 10_000,
} as const;
