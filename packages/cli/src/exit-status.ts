import type { ErrorKind } from '@colloquy/sdk/client';

/** What the command's exit status says. Documented in the help; numbers are never given another meaning. */
export const exitStatus = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  invalid: 3,
  notAllowed: 4,
  notFound: 5,
  conflict: 6,
  credits: 7,
  tryAgain: 8,
  agentFailed: 9,
  taskFailed: 10,
  interrupted: 130,
} as const;

const byKind: Readonly<Record<ErrorKind, number>> = {
  invalid: exitStatus.invalid,
  unauthenticated: exitStatus.notAllowed,
  forbidden: exitStatus.notAllowed,
  'not-found': exitStatus.notFound,
  conflict: exitStatus.conflict,
  precondition: exitStatus.conflict,
  'payment-required': exitStatus.credits,
  'too-large': exitStatus.invalid,
  'rate-limited': exitStatus.tryAgain,
  unprocessable: exitStatus.agentFailed,
  'upstream-failed': exitStatus.agentFailed,
  'upstream-timeout': exitStatus.agentFailed,
  unavailable: exitStatus.tryAgain,
  canceled: exitStatus.tryAgain,
  internal: exitStatus.unexpected,
};

/** The exit status for an error of the platform. */
export function statusOfKind(kind: ErrorKind): number {
  return byKind[kind];
}

/** The statuses in words, for the help. */
export const exitStatusHelp: readonly (readonly [number, string])[] = [
  [exitStatus.ok, 'done'],
  [exitStatus.unexpected, 'unexpected error; see the message and the request id'],
  [exitStatus.usage, 'the command line is wrong'],
  [exitStatus.invalid, 'the platform found the request invalid or too large'],
  [exitStatus.notAllowed, 'not logged in, or not allowed'],
  [exitStatus.notFound, 'not found, or of another owner'],
  [exitStatus.conflict, 'it exists already, or its state does not allow this'],
  [exitStatus.credits, 'too few credits'],
  [exitStatus.tryAgain, 'unavailable; retry'],
  [exitStatus.agentFailed, 'the agent could not be reached, failed or took too long'],
  [exitStatus.taskFailed, 'the task ended as failed, rejected or canceled'],
  [exitStatus.interrupted, 'stopped by Ctrl-C'],
];
