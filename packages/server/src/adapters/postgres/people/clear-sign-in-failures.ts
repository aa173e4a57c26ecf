import type { Statement } from '../statement.ts';

/** Somebody came in: what went wrong before counts no more. */
export function clearSignInFailures(subject: Uint8Array): Statement {
  return {
    name: 'clear-sign-in-failures',
    text: `delete from colloquy.sign_in_failures where subject = $1`,
    values: [subject],
  };
}
