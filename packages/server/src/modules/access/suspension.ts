/** Who or what can be stopped. */
export type SuspensionKind = 'tenant' | 'agent' | 'principal';

/** What is stopped: an agent by its name, a principal by its id, the tenant itself by nothing. */
export interface SuspensionTarget {
  readonly kind: SuspensionKind;
  /** Empty for the tenant. */
  readonly name: string;
}

/** A stop in force. */
export interface Suspension extends SuspensionTarget {
  /** For people. */
  readonly reason: string;
  /** Id of the principal that stopped it. */
  readonly suspendedBy: string;
  readonly suspendedAt: Date;
}
