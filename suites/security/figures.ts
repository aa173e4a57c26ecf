/** What a suite of attacks comes to. */
export interface Figures {
  /** What was counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** What should not have been, a line each. None: the suite holds. */
  readonly violations: readonly string[];
  /** What could not be tried on this machine, a line each. */
  readonly skipped: readonly string[];
}

export interface SuiteOptions {
  /** The small tier, for every run of the tests. */
  readonly quick: boolean;
  readonly seed: number;
}
