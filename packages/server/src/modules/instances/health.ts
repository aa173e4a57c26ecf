/** How well an instance is. Degraded: it works, and others should be preferred. Unknown: nobody has looked. */
export type HealthState = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** What an instance can say of itself. */
export type ReportedState = Exclude<HealthState, 'unknown'>;

/** Something that an instance needs for its work, as it says. */
export interface Dependency {
  readonly name: string;
  readonly state: ReportedState;
  /** In its own words, for people; null for nothing to say. */
  readonly reason: string | null;
  /** Without it the instance can do nothing. */
  readonly isRequired: boolean;
}

/** What an instance says of itself with a heartbeat. */
export interface HealthReport {
  readonly state: ReportedState;
  /** In its own words, for people; null for nothing to say. */
  readonly reason: string | null;
  readonly dependencies: readonly Dependency[];
}

/** What the probes of an instance have found. */
export interface ProbeFacts {
  readonly state: HealthState;
  readonly reason: string | null;
  /** Failures and successes in a row; one of them is 0. */
  readonly failures: number;
  readonly successes: number;
}

/** What callers of an instance have seen. */
export interface OutlierFacts {
  readonly reason: string;
  /** Whether it still counts. */
  readonly isCurrent: boolean;
  /** How often it was seen. */
  readonly count: number;
}

/** Everything that the health of an instance is judged by. */
export interface HealthFacts {
  readonly probe: ProbeFacts;
  readonly report: HealthReport | null;
  readonly outlier: OutlierFacts | null;
  /** Its lease has ended, by the database's time. */
  readonly isLapsed: boolean;
}

/** A judgement. */
export interface JudgedHealth {
  readonly state: HealthState;
  /** A code, such as `probe.no-answer`, `reported`, `outlier` or `lease.lapsed`, for some with words for people after a colon; null for nothing to say. */
  readonly reason: string | null;
}
