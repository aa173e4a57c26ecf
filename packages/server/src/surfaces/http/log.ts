import type { LogFieldName } from '../../kernel/log-fields.ts';

/** Values that may stand in the log: small, flat, and written by us, under names of `kernel/log-fields.ts`. */
export type LogFields = {
  readonly [Name in LogFieldName]?: string | number | boolean | readonly string[] | undefined;
};

/** Where lines of JSON go. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  isLevelEnabled(level: 'debug' | 'info'): boolean;
}
