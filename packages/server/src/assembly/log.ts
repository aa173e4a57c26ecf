import { describeCause } from '../surfaces/http/index.ts';

/** The causes of an error, outermost first, for the log only. */
export function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.push(describeCause(cause));
  }
  return causes;
}
