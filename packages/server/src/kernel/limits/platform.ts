/** The bounds of a process: how it leaves, what it deletes, and how it notifies the others. */
export const platformLimits = {
  /**
   * A process that is told to stop answers 503 at `/ready` for this long while it serves on, so that proxies send to the others. The
   * configuration can say another time.
   */
  drainNoticeMs: 2_000,
  /** A longer notice cannot be configured. */
  drainNoticeMsMax: 10 * 60_000,
  /** After SIGTERM work in flight has this long to finish. Other nodes take over the rest. */
  drainMs: 10_000,
  /** A worker deletes expired rows this often. */
  housekeepingMs: 60_000,
  /** Rows that one transaction deletes. The next one deletes more, */
  housekeepingRowsMax: 5_000,
  /** up to so many transactions in a row; the next round deletes the rest. */
  housekeepingSlicesMax: 100,
  /** Tenants that a duty failed for and skips until no others are due. Further ones are tried again each time. */
  failedTenantsMax: 1_000,
  /** Notifications to other processes that wait to be sent. Further ones are dropped: every reader polls as well. */
  notificationIdsWaitingMax: 10_000,
} as const;
