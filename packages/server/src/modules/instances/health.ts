/** `degraded`: the instance works, but others are preferred. `unknown`: there is no probe and no report yet. */
export type HealthState = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** The states that an instance can report. */
export type ReportedState = Exclude<HealthState, 'unknown'>;

/** A dependency that an instance reports. */
export interface Dependency {
  readonly name: string;
  readonly state: ReportedState;
  /** Free text for users; null for none. */
  readonly reason: string | null;
  /** The instance does not work without it. */
  readonly isRequired: boolean;
}

/** The health report in an instance's heartbeat. */
export interface HealthReport {
  readonly state: ReportedState;
  /** Free text for users; null for none. */
  readonly reason: string | null;
  readonly dependencies: readonly Dependency[];
}

/** The results of an instance's probes. */
export interface ProbeFacts {
  readonly state: HealthState;
  readonly reason: string | null;
  /** Consecutive failures and successes; one of them is 0. */
  readonly failures: number;
  readonly successes: number;
}

/** Failures that callers of an instance have seen. */
export interface OutlierFacts {
  readonly reason: string;
  /** Whether it still counts. */
  readonly isCurrent: boolean;
  /** How often it was seen. */
  readonly count: number;
}

/** The facts that the health of an instance is judged by. */
export interface HealthFacts {
  readonly probe: ProbeFacts;
  readonly report: HealthReport | null;
  readonly outlier: OutlierFacts | null;
  /** Its lease has expired, by the database's time. */
  readonly isLapsed: boolean;
}

/** The judged health. */
export interface JudgedHealth {
  readonly state: HealthState;
  /** A code such as `probe.no-answer`, `reported`, `outlier` or `lease.lapsed`, with text for users after a colon for some; null for none. */
  readonly reason: string | null;
}
