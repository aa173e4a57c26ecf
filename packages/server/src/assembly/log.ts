import { describeCause } from '../surfaces/http/index.ts';

/** Where lines of JSON go. Fields are small, flat and chosen one by one; nothing of a request or a library is passed whole. */
export interface PlatformLog {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  isLevelEnabled(level: 'debug' | 'info'): boolean;
}

export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The causes of an error, outermost first, for the log only. */
export function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.push(describeCause(cause));
  }
  return causes;
}
