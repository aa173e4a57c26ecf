/**
 * What may be larger than the budgets of tools/sizes.ts allow. Each entry has a reason, and an entry that is no longer
 * needed fails the check, so this list only shrinks.
 */
import type { SizeException } from './sizes.ts';

/** All exceptions. */
export const sizeExceptions: readonly SizeException[] = [];
