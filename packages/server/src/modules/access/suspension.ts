/** The kinds of targets that can be suspended. */
export type SuspensionKind = 'tenant' | 'agent' | 'principal';

/** The target of a suspension: an agent by its name, a principal by its id, or the tenant itself. */
export interface SuspensionTarget {
  readonly kind: SuspensionKind;
  /** Empty for the tenant. */
  readonly name: string;
}

/** A suspension in force. */
export interface Suspension extends SuspensionTarget {
  /** For people. */
  readonly reason: string;
  /** Id of the principal that suspended it. */
  readonly suspendedBy: string;
  readonly suspendedAt: Date;
}
