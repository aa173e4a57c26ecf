/**
 * What may be larger than the budgets of tools/sizes.ts allow. Each entry has a reason, and an entry that is no longer
 * needed fails the check, so this list only shrinks.
 */
import type { SizeRule } from './sizes.ts';

/** Lets one thing exceed one budget, up to a limit of its own. */
export interface SizeException {
  readonly file: string;
  readonly rule: SizeRule;
  /** The function's name; the file itself when absent. */
  readonly name?: string;
  /** The largest size accepted here. */
  readonly max: number;
  readonly reason: string;
}

/** All exceptions. */
export const sizeExceptions: readonly SizeException[] = [];
