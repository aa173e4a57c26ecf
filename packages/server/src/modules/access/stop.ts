/** Who or what can be stopped. */
export type StopKind = 'tenant' | 'agent' | 'principal';

/** What is stopped: an agent by its name, a principal by its id, the tenant itself by nothing. */
export interface StopTarget {
  readonly kind: StopKind;
  /** Empty for the tenant. */
  readonly name: string;
}

/** A stop in force. */
export interface Stop extends StopTarget {
  /** For people. */
  readonly reason: string;
  /** Id of the principal that stopped it. */
  readonly stoppedBy: string;
  readonly stoppedAt: Date;
}
