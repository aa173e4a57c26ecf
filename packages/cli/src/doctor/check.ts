/** What one look found. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  /** What was found, in one sentence. */
  readonly found: string;
  /** What to do about it; absent when all is well. */
  readonly mend?: string;
}

/** All is well. */
export function ok(check: string, found: string): Finding {
  return { check, level: 'ok', found };
}

/** It works, but perhaps not for long or not as meant. */
export function warn(check: string, found: string, mend: string): Finding {
  return { check, level: 'warn', found, mend };
}

/** It does not work. */
export function fail(check: string, found: string, mend: string): Finding {
  return { check, level: 'fail', found, mend };
}
