/** A hostile agent, and how each task at it has to end. */
export interface Attacker {
  /** The name that it is registered by. */
  readonly agent: string;
  readonly does: string;
  /** `completed`, or the code of the failure. */
  readonly ends: string;
  readonly taskMsMax: number;
  readonly askBytes: number;
  readonly card: object;
}

/** What became of one message to a hostile agent. */
export interface Outcome {
  readonly attacker: Attacker;
  /** As `ends` of the attacker; or what was answered instead of a task. */
  readonly ended: string;
  readonly tookMs: number;
}
