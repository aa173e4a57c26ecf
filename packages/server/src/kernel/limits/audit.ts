/** The bounds of sealing, exporting and pruning audit entries. */
export const auditLimits = {
  /** Another process may seal when the sealer has done nothing for this long. */
  auditSealHoldMs: 5_000,
  /** Audit entries that one transaction seals. The next one seals more, */
  auditSealEntriesMax: 500,
  /** up to so many transactions in a row; the next round seals the rest. */
  auditSealBatchesMax: 40,
  /** Derived keys for digests of tenants' contents that the sealer caches. The least recently used is dropped first. */
  auditDigestKeysMax: 1_000,
  /** A chain that has grown gets a signed checkpoint after this time, unless the configuration says another, */
  auditCheckpointMs: 10_000,
  /** or after so many records. */
  auditCheckpointRecordsMax: 1_000,
  /** The sealer checks this often that the newest checkpoints are still where they were written, */
  auditCheckpointsCheckMs: 60_000,
  /** for so many chains at a time; the next check continues. */
  auditCheckpointsCheckedMax: 100,
  /** Health warns when an entry that is not sealed is older than this. */
  auditLagWarnMs: 60_000,
  /** Audit entries in one answer of an export. The next answer has more. */
  auditExportEntriesMax: 1_000,
  /** A tenant keeps its audit entries for ever, or for a number of days. Fewer are refused, */
  auditKeepDaysMin: 30,
  /** and so are more. The database has these bounds too. */
  auditKeepDaysMax: 3_650,
  /** Audit entries that one transaction prunes. The next one continues. */
  auditPruneEntriesMax: 10_000,
  /** Chains that get a checkpoint in one round. The next round continues. */
  auditCheckpointsMax: 500,
} as const;
