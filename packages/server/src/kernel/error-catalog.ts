import type { errorCatalog } from './declarations.gen.ts';

/**
 * Every code that the platform answers with, from the files of `declarations`. Codes are stable: they may be added, never renamed or
 * reused. A test refuses a code that two files have.
 */
export { errorCatalog } from './declarations.gen.ts';

export type ErrorCode = keyof typeof errorCatalog;
