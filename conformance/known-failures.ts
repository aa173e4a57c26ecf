import type { BindingName } from './requirement.ts';

/** A scenario that is known to fail. It fails the suite when it holds again, so the list tells the truth. */
export interface KnownFailure {
  /** Name of the scenario. */
  readonly scenario: string;
  readonly on: BindingName | 'once';
  /** What is missing. */
  readonly reason: string;
}

export const knownFailures: readonly KnownFailure[] = [];
