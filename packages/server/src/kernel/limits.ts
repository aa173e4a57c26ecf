import type { limits } from './declarations.gen.ts';

/**
 * Every bound of the platform, from the files of `limits`. A name ends in its unit, and its comment says what happens at the bound. A
 * test refuses a name that two files have.
 */
export { limits } from './declarations.gen.ts';

export type Limits = { readonly [Name in keyof typeof limits]: number };
