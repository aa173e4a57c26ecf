/** The result of one check. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  /** The result in one sentence. */
  readonly found: string;
  /** The fix in one sentence; absent when there is no problem. */
  readonly mend?: string;
}

/** There is no problem. */
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
