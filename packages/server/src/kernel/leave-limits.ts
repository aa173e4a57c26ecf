/** The bounds of a process that leaves; part of `limits`. */
export const leaveLimits = {
  /**
   * With proxies before it, a process that is told to stop says so at `/ready` for this long while it goes on serving, so that they send
   * to the others, unless the configuration says another time.
   */
  drainNoticeMs: 2_000,
  /** Longest such time that can be configured. */
  drainNoticeMsMax: 10 * 60_000,
  /** SIGTERM waits this long for work in flight before it leaves the rest to the reaper. */
  drainMs: 10_000,
} as const;
